"""Failures of the graph package."""

from collections.abc import Sequence
from pathlib import Path

from medsynth_kg.errors import MedsynthError


class OntologyUnreadable(MedsynthError):
    """A Turtle file of the ontology directory is missing or is not valid Turtle."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class LabelShared(MedsynthError):
    """Two concepts of one scheme have the same label, so a survey cell that says it would be ambiguous."""

    def __init__(self, label: str, first: str, second: str) -> None:
        super().__init__(
            f"the label “{label}” belongs to both <{first}> and <{second}>; keep it on one of them in ontology/"
        )


class GraphNotConforming(MedsynthError):
    """The graph does not conform to its shapes, so no release is made of it."""

    def __init__(self, violations: Sequence[object]) -> None:
        shown = "; ".join(str(violation) for violation in violations[:3])
        super().__init__(
            f"{len(violations)} violations of the shapes, the first: {shown}. `medsynth-kg validate` lists them all"
        )
        self.violations = violations
