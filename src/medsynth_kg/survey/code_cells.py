"""The repository that a row's code cell links."""

from medsynth_kg.identifiers.repository import RepositoryAddress, parse_repository
from medsynth_kg.identifiers.web import is_placeholder_address, parse_web_address
from medsynth_kg.survey.cells import is_empty
from medsynth_kg.survey.findings import Severity
from medsynth_kg.survey.links import Link, read_cell
from medsynth_kg.survey.reports import RowReport
from medsynth_kg.survey.rows import SurveyRow

_ADVICE = "Link the repository, [Code](https://github.com/owner/name), or leave the cell empty."


def read_code(row: SurveyRow, report: RowReport) -> RepositoryAddress | None:
    """The first repository that the cell links; everything else in the cell is reported."""
    cell = read_cell(row.code)
    links = cell.links or _address_without_scheme(cell.text)
    found: list[RepositoryAddress] = []
    for link in links:
        repository = parse_repository(link.address)
        if repository is None:
            _report_useless_link(link, report)
        else:
            _report_correction(link, repository, report)
            found.append(repository)
    if not links and not is_empty(cell.text):
        report.add(
            "code-without-address",
            Severity.WARNING,
            "code",
            f"“{cell.text}” holds no address; the row counts without code.",
            _ADVICE,
        )
    return _first(found, report)


def _address_without_scheme(text: str) -> tuple[Link, ...]:
    """What people copy from a browser's address bar, such as ``github.com/owner/name``."""
    address = f"https://{text}"
    return (Link(text="", address=address),) if " " not in text and parse_repository(address) else ()


def _first(found: list[RepositoryAddress], report: RowReport) -> RepositoryAddress | None:
    if not found:
        return None
    first, *others = found
    left_out = {other.address for other in others if other.address.lower() != first.address.lower()}
    if left_out:
        report.add(
            "several-repositories",
            Severity.NOTICE,
            "code",
            f"The cell links several repositories; {first.address} is taken, {', '.join(sorted(left_out))} left out.",
            "Keep the link to the authors' own repository first.",
        )
    return first


def _report_useless_link(link: Link, report: RowReport) -> None:
    if is_placeholder_address(link.address) or link.address.rstrip("/").endswith("://github.com/example"):
        kind, problem = "placeholder-code", "leads to an address that stands for an example"
    elif parse_web_address(link.address) is None:
        kind, problem = "code-without-address", "is not an address"
    else:
        kind, problem = "code-not-a-repository", "leads to no repository on a forge"
    report.add(
        kind,
        Severity.WARNING,
        "code",
        f"The code link “{link.address}” {problem}; the row counts without it.",
        _ADVICE,
    )


def _report_correction(link: Link, repository: RepositoryAddress, report: RowReport) -> None:
    """A name that had to be cleaned of punctuation may have been meant otherwise."""
    web = parse_web_address(link.address)
    segments = [segment for segment in web.path.split("/") if segment] if web else []
    written = {segment.lower().removesuffix(".git") for segment in segments}
    if segments and repository.name not in written:
        report.add(
            "code-address-corrected",
            Severity.NOTICE,
            "code",
            f"The code link “{link.address}” ends in stray punctuation; it is read as {repository.address}.",
            "Remove the punctuation from the end of the link.",
        )
