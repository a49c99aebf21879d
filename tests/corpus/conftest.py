import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.bulk_files import write

from medsynth_kg.corpus.job import BulkFile, Job
from medsynth_kg.corpus.selection import Neighbourhood, Selection
from medsynth_kg.records.metadata import Source
from medsynth_kg.release.manifest import describe_file


@pytest.fixture
def job() -> Job:
    return Job(
        source=Source.CROSSREF,
        date=datetime.date(2026, 3, 1),
        base_iri="https://w3id.org/medsynth-kg/",
        code_version="1",
        selection=Selection(everything=True),
        surveyed={},
        known=Neighbourhood(),
        parts=2,
    )


@pytest.fixture
def bulk_file(tmp_path: Path) -> BulkFile:
    """A thousand records, ten of them broken."""
    write("crossref", tmp_path / "bulk", 1000, 1, seed=1)
    path = tmp_path / "bulk" / "part_0000.gz"
    entry = describe_file(path)
    return BulkFile(path=path, name=path.name, sha256=entry.sha256, size=entry.size)


@pytest.fixture(scope="session", autouse=True)
def spark_environment() -> Iterator[None]:
    """Have Java compile little and tidy up simply, which its short runs here gain from.

    And have Spark take paths without a scheme for those of a distributed file system, as many a cluster's does; here is
    none.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "SPARK_SUBMIT_OPTS",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dspark.hadoop.fs.defaultFS=hdfs://127.0.0.1:9",
        )
        yield
