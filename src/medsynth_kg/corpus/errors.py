"""Failures of the corpus package."""

from pathlib import Path

from medsynth_kg.errors import MedsynthError


class SparkMissing(MedsynthError):
    """Spark can't be started on this machine."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Apache Spark can't be started ({reason}); install Java 17, then run `make corpus` in the checkout of "
            "medsynth-kg, which installs pyspark into its .venv"
        )


class MasterUnknown(MedsynthError):
    """What was given is no address of a Spark."""

    def __init__(self, master: str) -> None:
        super().__init__(
            f"--master {master}: Spark knows no such address; give local[*], local[2], spark://host:7077, yarn, or "
            "k8s://https://host:443"
        )


class SparkUnreachable(MedsynthError):
    """No Spark answers at an address."""

    def __init__(self, master: str, reason: str) -> None:
        super().__init__(f"--master {master}: no Spark can be used there ({reason}); check that it runs and is reached")


class NoBulkFiles(MedsynthError):
    """Nothing was found to read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: there are no bulk files here; name files, or directories that hold some")


class InputInOutput(MedsynthError):
    """A run would replace what it is to read."""

    def __init__(self, path: Path, output: Path) -> None:
        super().__init__(
            f"{path}: this lies where the corpus {output} is written, which would replace it; "
            "give --output another directory"
        )


class OutputUnusable(MedsynthError):
    """Spark can't read from a directory of this name."""

    def __init__(self, path: str, characters: str) -> None:
        super().__init__(
            f"{path}: Spark takes the {characters} in this path for part of a pattern or an address; "
            "give --output a directory whose whole path has none of [ ] { } * ? : \\"
        )


class CorpusRunning(MedsynthError):
    """Another process writes to the same directory."""

    def __init__(self, output: Path) -> None:
        super().__init__(
            f"{output}: another run of `medsynth-kg corpus` writes here; wait for it to end, then try again"
        )


class CorpusNotWritten(MedsynthError):
    """The disk refused a file of a run; what was finished is kept."""

    def __init__(self, output: Path, reason: str) -> None:
        super().__init__(
            f"{output}: the corpus can't be written here ({reason}); make room, or give --output another directory, "
            "and run the command again"
        )


class BulkFileUnreadable(MedsynthError):
    """A bulk file can't be opened at all; what is broken inside one is set aside instead."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class CorpusUnusable(MedsynthError):
    """A directory has no corpus that a release can take in."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(f"{directory}: {reason}; make the corpus anew with `medsynth-kg corpus`")


class CorpusFailed(MedsynthError):
    """Spark gave up a run; what was finished is kept."""

    def __init__(self, output: Path, reason: str) -> None:
        super().__init__(f"{output}: Spark gave up ({reason}); run the same command again to go on from here")


class PartTruncated(MedsynthError):
    """The rows of a part ended before they were all there; a task's failure, which Spark tries again."""

    def __init__(self, path: Path, blocks: int) -> None:
        super().__init__(f"{path}: Spark's rows broke off after {blocks} blocks of statements")


class PartsIncomplete(MedsynthError):
    """The parts don't hold all that the mapped files hold."""

    def __init__(self, output: Path, found: str) -> None:
        super().__init__(
            f"{output}: the sorted statements are incomplete ({found}); what was finished is removed, "
            "run the same command again to make the corpus from the start"
        )
