"""The graphs that ``link`` asks, in this order."""

from medsynth_kg.enrichment.linking.datacite import DATACITE
from medsynth_kg.enrichment.linking.dblp import DBLP
from medsynth_kg.enrichment.linking.linked_papers_with_code import LINKED_PAPERS_WITH_CODE
from medsynth_kg.enrichment.linking.openalex import OPENALEX
from medsynth_kg.enrichment.linking.opencitations import OPENCITATIONS
from medsynth_kg.enrichment.linking.orkg import ORKG
from medsynth_kg.enrichment.linking.semantic_scholar import SEMANTIC_SCHOLAR
from medsynth_kg.enrichment.linking.software_heritage import SOFTWARE_HERITAGE
from medsynth_kg.enrichment.linking.wikidata import WIKIDATA

TARGETS = (
    OPENALEX,
    WIKIDATA,
    SEMANTIC_SCHOLAR,
    OPENCITATIONS,
    DBLP,
    ORKG,
    DATACITE,
    LINKED_PAPERS_WITH_CODE,
    SOFTWARE_HERITAGE,
)
