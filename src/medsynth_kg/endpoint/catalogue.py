"""The kinds of things that have a page listing all of them, by the first part of their IRIs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of thing: the path of its list, the class of its members, a title and a sentence.

    ``class_iri`` is relative to the base of the graph, or absolute.
    """

    path: str
    class_iri: str
    title: str
    description: str


LISTINGS = {
    listing.path: listing
    for listing in (
        Listing("paper", "ontology#Paper", "Papers", "Every paper that the survey lists."),
        Listing(
            "modality", "ontology#Modality", "Modalities", "Kinds of medical data that models are trained to make."
        ),
        Listing("family", "ontology#ModelFamily", "Model families", "Broad families of generative models."),
        Listing("architecture", "ontology#Architecture", "Architectures", "Named designs of generative models."),
        Listing("application", "ontology#Application", "Applications", "What the synthetic data are made for."),
        Listing(
            "evaluation",
            "ontology#EvaluationCategory",
            "Evaluation",
            "What synthetic data are evaluated for; the letters of the survey's tables.",
        ),
        Listing("metric", "ontology#Metric", "Metrics", "How evaluation is measured."),
        Listing("repository", "ontology#CodeRepository", "Code repositories", "Where the code of the papers is."),
        Listing(
            "person",
            "http://xmlns.com/foaf/0.1/Person",
            "People",
            "Everybody who wrote a paper of the survey. Without an ORCID iD, a name stands once for each paper, since "
            "two people may share it.",
        ),
        Listing("venue", "ontology#Venue", "Venues", "Where the papers were published."),
        Listing("table", "ontology#SurveyTable", "Survey tables", "The tables of the survey, one a modality."),
        Listing(
            "entry", "ontology#SurveyEntry", "Survey entries", "What the survey says in each row, in its own words."
        ),
    )
}
