"""Every spelling of the survey's tables, as it stands there, is understood."""

import pytest

from medsynth_kg.graph.recognition import recognise
from medsynth_kg.graph.vocabulary import Vocabularies
from medsynth_kg.settings import BASE_IRI

TYPES = {
    "GAN": ["family/gan"],
    "DM": ["family/diffusion-model"],
    "Other": ["family/other"],
    "GAN,VAE": ["family/gan", "family/vae"],
    "VAE,GAN": ["family/gan", "family/vae"],
    "GAN,AE": ["family/autoencoder", "family/gan"],
    "VAE": ["family/vae"],
    "Language Model": ["family/language-model"],
    "Diffusion Model": ["family/diffusion-model"],
    "LLM": ["family/large-language-model"],
    "GANs": ["family/gan"],
    "diffusion models": ["family/diffusion-model"],
    "GAN and VAE": ["family/gan", "family/vae"],
}

ARCHITECTURES = {
    "Bi-LSTM and CNN": ["bilstm", "cnn"],
    "DSAT-ECG": ["dsat-ecg"],
    "Region-Disentangled Diffusion Model (RDDM)": ["rddm"],
    "SSSD-ECG": ["sssd-ecg"],
    "DDPM-based:DiffECG": ["diffecg"],
    "StarGAN v2": ["stargan-v2"],
    "image-based:DDPM": ["ddpm"],
    "LSTM-based:TS-GAN": ["ts-gan"],
    "CVAE,CWGAN": ["cvae", "cwgan"],
    "Auto-TTE": ["auto-tte"],
    "classical GAN,adversarial AE,modality transfer GAN": [
        "adversarial-autoencoder",
        "modality-transfer-gan",
        "vanilla-gan",
    ],
    "WGAN-GP-based:AC-WGAN-GP": ["ac-wgan-gp"],
    "WGAN-GP-based:CardiacGen": ["cardiacgen"],
    "classic GAN , DC-DC GAN , BiLSTM-DC , AE/VAE-DC , WGAN": [
        "ae-vae-dc-gan",
        "bilstm-dc-gan",
        "dc-dc-gan",
        "vanilla-gan",
        "wgan",
    ],
    "image-based:TTS-GAN": ["tts-gan"],
    "Conditional GAN": ["cgan"],
    "cVAE": ["cvae"],
    "PHYSIOGAN": ["physiogan"],
    "DCCGAN (Deep convolutional condtional GAN)": ["dccgan"],
    "WaveGAN,Pulse2Pulse": ["pulse2pulse", "wavegan"],
    "Composite GAN:LSTM-GAN and DCGAN": ["composite-gan", "dcgan", "lstm-gan"],
    "LSTM-based:BiLSTM": ["bilstm"],
    "LDM": ["ldm"],
    "causal recurrent CAE (CRVAE)": ["cr-vae"],
    "temporal GAN(TGAN)": ["temporal-gan"],
    "GPT2": ["gpt-2"],
    "DiffEEG": ["diffeeg"],
    "DDPM": ["ddpm"],
    "Conditional Wasserstein GAN": ["cwgan"],
    "SLA-StyleGAN": ["sla-stylegan"],
    "cGAN": ["cgan"],
    "StyleGAN2": ["stylegan2"],
    "StyleGAN2-ADA": ["stylegan2-ada"],
    "CycleGAN": ["cyclegan"],
    "DALL-E2": ["dall-e-2"],
    "LDM, Stable Diffusion , Fine tuned stable diffusion": [
        "fine-tuned-stable-diffusion",
        "ldm",
        "stable-diffusion",
    ],
    "Pgan": ["pggan"],
    "Tabular GAN": ["tabular-gan"],
    "Bayesian VAE": ["bayesian-vae"],
    "DCGAN": ["dcgan"],
    "GPT-3": ["gpt-3"],
}

BASES = {
    "LSTM-based:TS-GAN": "lstm",
    "LSTM-based:BiLSTM": "lstm",
    "DDPM-based:DiffECG": "ddpm",
    "WGAN-GP-based:AC-WGAN-GP": "wgan-gp",
    "image-based:DDPM": "image-based",
}

APPLICATIONS = {
    "Intra-translation": ["intra-modality-translation"],
    "Inter-translation": ["inter-modality-translation"],
    "Class-conditional": ["class-conditional"],
    "Class conditional": ["class-conditional"],
    "Unconditonal": ["unconditional"],
    "Unconditional": ["unconditional"],
    "conditioning on other ECG statements;prioir knowledge": [
        "prior-knowledge-conditional",
        "statement-conditional",
    ],
    "text-to-signal": ["text-to-signal"],
    "text-to-image": ["text-to-image"],
    "Clinical Knowledge": ["clinical-knowledge-conditional"],
    "specific subject characteristics": ["subject-conditional"],
    "Conditioned STFT spectrograms": ["spectrogram-conditional"],
    "majority to minority conversion": ["majority-to-minority-conversion"],
    "Patient Demographics Gen.": ["patient-demographics-generation"],
    "Disease Progression Model": ["disease-progression-modelling"],
    "Lesion Segmentation": ["lesion-segmentation"],
    "Clinical Note Gen.": ["clinical-note-generation"],
}

EVALUATIONS = {
    "F": ["evaluation/fidelity"],
    "U": ["evaluation/utility"],
    "P": ["evaluation/privacy"],
    "U, F, C": ["evaluation/clinical-validity", "evaluation/fidelity", "evaluation/utility"],
    "F, Q": ["evaluation/fidelity", "evaluation/qualitative-assessment"],
    "U, F, D, Q, P": [
        "evaluation/diversity",
        "evaluation/fidelity",
        "evaluation/privacy",
        "evaluation/qualitative-assessment",
        "evaluation/utility",
    ],
    "Fidelity,Utility": ["evaluation/fidelity", "evaluation/utility"],
    "Fidelity (MSE)": ["evaluation/fidelity", "metric/mse"],
    "Fidelity (KL Divergence), Privacy (k-Anonymity)": [
        "evaluation/fidelity",
        "evaluation/privacy",
        "metric/k-anonymity",
        "metric/kl-divergence",
    ],
    "Fidelity (IoU), Diversity (IS), Clinical Review": [
        "evaluation/clinical-validity",
        "evaluation/diversity",
        "evaluation/fidelity",
        "metric/inception-score",
        "metric/iou",
    ],
    "Language Coherence (BLEU), Privacy (k-Anonymity)": [
        "evaluation/privacy",
        "metric/bleu",
        "metric/k-anonymity",
        "metric/language-coherence",
    ],
    "Dice Score": ["metric/dice"],
    "Differential Privacy (DP)": ["metric/differential-privacy"],
    "Variance measures": ["metric/variance"],
    "Inception Score (IS)": ["metric/inception-score"],
}

MODALITIES = {
    "ehr": "ehr",
    "ecg": "ecg",
    "eeg": "eeg",
    "dermoscopy": "dermoscopy",
    "mammography": "mammography",
    "ultrasound": "ultrasound",
    "mri": "mri",
    "ct": "ct",
    "xray": "xray",
    "oct": "oct",
    "multimodal": "multimodal",
    "text": "text",
    "Dermoscopic": "dermoscopy",
    "Dermoscopic Images": "dermoscopy",
    "Electronic Health Records (EHR)": "ehr",
    "Electrocardiogram (ECG)": "ecg",
    "Electroencephalogram (EEG)": "eeg",
    "X-ray Images": "xray",
    "Multiple modalities Images": "multimodal-imaging",
    "PPG": "ppg",
}

HIDDEN = {
    "application": ["Unconditonal", "prioir knowledge"],
    "architecture": ["Deep convolutional condtional GAN"],
}


@pytest.mark.parametrize(("cell", "expected"), TYPES.items())
def test_a_type_names_its_families(cell: str, expected: list[str], vocabularies: Vocabularies) -> None:
    assert _named(cell, "architecture", vocabularies) == expected


@pytest.mark.parametrize(("cell", "expected"), ARCHITECTURES.items())
def test_an_architecture_cell_names_its_architectures(
    cell: str, expected: list[str], vocabularies: Vocabularies
) -> None:
    assert _named(cell, "architecture", vocabularies) == [f"architecture/{slug}" for slug in expected]


@pytest.mark.parametrize(("cell", "expected"), BASES.items())
def test_the_basis_of_an_architecture_is_a_concept_too(cell: str, expected: str, vocabularies: Vocabularies) -> None:
    scheme = vocabularies["architecture"]
    (basis,) = recognise(cell, scheme).bases
    label = scheme.find(basis) or scheme.find(f"{basis}-based")
    assert label is not None
    assert label.concept.value == f"{BASE_IRI}architecture/{expected}"


@pytest.mark.parametrize(("cell", "expected"), APPLICATIONS.items())
def test_an_application_cell_names_its_applications(cell: str, expected: list[str], vocabularies: Vocabularies) -> None:
    assert _named(cell, "application", vocabularies) == [f"application/{slug}" for slug in expected]


@pytest.mark.parametrize(("cell", "expected"), EVALUATIONS.items())
def test_an_evaluation_cell_names_its_categories_and_metrics(
    cell: str, expected: list[str], vocabularies: Vocabularies
) -> None:
    assert _named(cell, "evaluation", vocabularies) == expected


@pytest.mark.parametrize(("words", "expected"), MODALITIES.items())
def test_a_tables_slug_and_its_headings_are_labels_of_one_modality(
    words: str, expected: str, vocabularies: Vocabularies
) -> None:
    label = vocabularies["modality"].find(words)
    assert label is not None
    assert label.concept.value == f"{BASE_IRI}modality/{expected}"


@pytest.mark.parametrize(("scheme", "spelling"), [(s, spelling) for s, all_ in HIDDEN.items() for spelling in all_])
def test_a_misspelling_is_understood_and_known_as_one(scheme: str, spelling: str, vocabularies: Vocabularies) -> None:
    label = vocabularies[scheme].find(spelling)
    assert label is not None
    assert label.hidden


def _named(cell: str, scheme: str, vocabularies: Vocabularies) -> list[str]:
    recognition = recognise(cell, vocabularies[scheme])
    assert recognition.unknown == ()
    return sorted({label.concept.value.removeprefix(BASE_IRI) for label in recognition.labels})
