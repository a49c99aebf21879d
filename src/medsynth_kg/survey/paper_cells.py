"""The papers that a row's paper cell links."""

from medsynth_kg.identifiers.paper import PaperIdentifier, identify_paper
from medsynth_kg.identifiers.repository import parse_repository
from medsynth_kg.survey.cells import is_empty
from medsynth_kg.survey.findings import Severity
from medsynth_kg.survey.links import Cell, read_cell
from medsynth_kg.survey.reports import RowReport
from medsynth_kg.survey.rows import SurveyRow


def read_papers(row: SurveyRow, report: RowReport) -> tuple[PaperIdentifier, ...]:
    """The identifiers that the cell gives, each once: those that name the paper itself before those of a page."""
    cell = read_cell(row.paper)
    found: list[PaperIdentifier] = []
    useless: list[str] = []
    for link in cell.links:
        identifier = identify_paper(link.address) or _written_in(link.text)
        if identifier is None:
            useless.append(link.address)
        elif identifier not in found:
            found.append(identifier)
    if not found and (written := _written_in(cell.text)):
        found.append(written)
    papers = tuple(sorted(found, key=lambda identifier: identifier.scheme == "page"))
    if papers:
        _report_useless_links(useless, report)
        _report_doubts(papers, report)
    else:
        _report_absence(cell, useless, report)
    return papers


def _written_in(text: str) -> PaperIdentifier | None:
    """A DOI or arXiv id that stands in the text without a link."""
    words = text.replace("doi: ", "doi:").replace("DOI: ", "DOI:").replace("arXiv: ", "arXiv:").split()
    identifiers = (identify_paper(word.strip("[](),;")) for word in words)
    return next((found for found in identifiers if found and found.scheme != "page"), None)


def _report_useless_links(addresses: list[str], report: RowReport) -> None:
    for address in addresses:
        report.add(
            "unusable-paper-link",
            Severity.WARNING,
            "paper",
            f"The link to “{address}” leads to no paper; it is left out.",
            "Remove the link, or replace it by the address of the paper's DOI, https://doi.org/...",
            value=address,
        )


def _report_absence(cell: Cell, addresses: list[str], report: RowReport) -> None:
    words = "is empty" if is_empty(cell.text) else f"“{cell.text}” holds no address of a paper"
    if addresses:
        words = f"links {', '.join(f'“{address}”' for address in addresses)}, which leads to no paper"
    report.add(
        "no-paper",
        Severity.ERROR,
        "paper",
        f"The paper cell {words}; without a paper the row can't be an entry.",
        "Link the paper, preferably by its DOI: [Paper](https://doi.org/...).",
    )


def _report_doubts(papers: tuple[PaperIdentifier, ...], report: RowReport) -> None:
    paper = papers[0]
    if len(papers) > 1:
        names = ", ".join(f"{identifier.scheme}:{identifier.value}" for identifier in papers)
        report.add(
            "several-papers-in-cell",
            Severity.NOTICE,
            "paper",
            f"The cell links {names}; all are taken for one paper, named by the first.",
            "Give a paper of its own a row of its own; keep two links only where both are the same paper.",
        )
    if parse_repository(paper.address) is not None:
        report.add(
            "paper-links-repository",
            Severity.WARNING,
            "paper",
            f"The paper link leads to a code repository ({paper.address}), which stands in for the paper.",
            "Link the paper by its DOI, and the repository in the code column.",
        )
    elif paper.scheme in ("page", "pii"):
        report.add(
            "paper-linked-by-page",
            Severity.NOTICE,
            "paper",
            f"The paper is linked only through a page ({paper.address}), which shows no DOI.",
            "Link the paper by its DOI, which stays when the publisher's pages move.",
        )
