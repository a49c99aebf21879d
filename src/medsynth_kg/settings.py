"""Settings, read once at the edge from the environment (``MEDSYNTH_KG_...``) and handed on."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from medsynth_kg.errors import SettingInvalid

BASE_IRI = "https://w3id.org/medsynth-kg/"
CROSSREF_URL = "https://api.crossref.org"
ARXIV_URL = "https://export.arxiv.org/api/query"
GITHUB_URL = "https://api.github.com"
QUERY_TIMEOUT, QUERY_WORKERS = 30.0, 4
QUERY_MEMORY, RESULT_SIZE, QUERY_LENGTH = 2**30, 2**28, 256_000
SCHOLARLY_ENDPOINTS = (
    "https://linkedpaperswithcode.com/sparql",
    "https://orkg.org/sparql",
    "https://query-scholarly.wikidata.org/sparql",
    "https://query.wikidata.org/sparql",
    "https://semopenalex.org/sparql",
    "https://sparql.dblp.org/sparql",
    "https://sparql.opencitations.net",
)

PREFIX = "MEDSYNTH_KG_"
"""What the names of the settings start with in the environment."""

_CHECKOUT = Path(__file__).resolve().parents[2]
_BUNDLED = Path(__file__).resolve().parent / "bundled"


def shipped_directory(name: str) -> Path:
    """Where ``ontology`` and ``queries`` lie: in the checkout, or inside the installed package."""
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _CHECKOUT / name


class Settings(BaseSettings):
    """Where things lie and what limits hold; every field can be set as ``MEDSYNTH_KG_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    base_iri: str = Field(
        BASE_IRI, pattern=r"^https?://[^\s<>\"{}|\\^`#?]+/$", description="what the graph's own IRIs start with"
    )
    data: Path = Field(Path("data"), description="the directory of survey tables, metadata, curation and links")
    ontology: Path = Field(shipped_directory("ontology"), description="the ontology, vocabularies and shapes")
    queries: Path = Field(shipped_directory("queries"), description="the saved queries")
    releases: Path = Field(Path("releases"), description="where releases are written and served from")
    crossref_url: str = Field(CROSSREF_URL, description="the address of Crossref's REST API")
    arxiv_url: str = Field(ARXIV_URL, description="the address of arXiv's API")
    github_url: str = Field(GITHUB_URL, description="the address of GitHub's REST API")
    github_token: SecretStr | None = Field(None, description="a token for GitHub, which allows more requests with one")
    contact: str | None = Field(None, description="an e-mail address for the services that enrich and link ask")
    query_timeout: float = Field(QUERY_TIMEOUT, gt=0, description="seconds a query may take")
    query_memory: int = Field(QUERY_MEMORY, gt=0, description="bytes a query may use above the idle worker")
    result_size: int = Field(RESULT_SIZE, gt=0, description="bytes an answer may have")
    query_workers: int = Field(QUERY_WORKERS, ge=1, description="processes that run queries")
    in_memory: int = Field(
        2**24, ge=0, description="bytes on disk up to which a release's store is read into memory; 0 for none"
    )
    services: tuple[str, ...] = Field(
        SCHOLARLY_ENDPOINTS, description="the endpoints that SERVICE may ask, and what lies below them; JSON list"
    )
    query_length: int = Field(QUERY_LENGTH, gt=0, description="bytes a query's text may have")
    rate_limit: str | None = Field(None, description="requests a client may send, such as 60/minute; no limit if empty")
    trusted_proxies: int = Field(0, ge=0, description="proxies in front whose X-Forwarded-For names the client")
    public_address: str | None = Field(
        None, pattern=r"^https?://[^/\s]+$", description="where the site is known, such as https://kg.example.org"
    )
    request_log: str | None = Field(None, description="the file for a JSON line a request, - for standard error")
    log_addresses: bool = Field(False, description="whether the log of requests names the clients' addresses")
    accel_redirect: str | None = Field(
        None, pattern="^/.*/$", description="the internal location under which nginx has the releases and sends dumps"
    )
    store: str | None = Field(None, description="the SPARQL 1.1 store that runs queries; without one, they run here")
    store_product: Literal["sparql", "virtuoso", "graphdb", "neptune", "qlever"] = Field(
        "sparql", description="the maker of the store, for its own way to take a time limit"
    )
    store_user: str | None = Field(None, description="the store's user for queries")
    store_authentication: Literal["basic", "digest", "bearer"] = Field(
        "basic", description="how the store's user logs in"
    )
    store_password: SecretStr | None = Field(None, description="the password of the store's user")


def read_settings() -> Settings:
    """The settings, from the environment.

    Raises:
        SettingInvalid: one is not what it should be.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingInvalid(f"{PREFIX}{str(first['loc'][0]).upper()}", first["msg"]) from error
    except SettingsError as error:
        raise SettingInvalid(f"a setting {PREFIX}...", str(error)) from error
