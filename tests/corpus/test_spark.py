"""Spark's failures end in one line that says what to do."""

from pathlib import Path

import pytest

from medsynth_kg.corpus.errors import CorpusFailed, MasterUnknown
from medsynth_kg.corpus.spark import spark_failures_named, spark_session

JAVA = """An error occurred while calling o1.collect.
: org.apache.spark.SparkException: Job aborted.
\tat org.apache.spark.SparkContext.runJob(SparkContext.scala:1)
"""
TASK = f"""{JAVA}
Traceback (most recent call last):
  File "steps.py", line 1, in map_step
OSError: [Errno 28] No space left on device
"""


@pytest.mark.parametrize("master", ["bogus", "", "local[x]", "local[2", "spark://", "http://host:7077"])
def test_an_address_that_spark_does_not_know_is_told_before_java_starts(master: str) -> None:
    with pytest.raises(MasterUnknown, match=r"give local\[\*\]"), spark_session(master):
        pass


@pytest.mark.parametrize(
    ("message", "reason"), [(JAVA, "(Job aborted.)"), (TASK, "(OSError: [Errno 28] No space left on device)")]
)
def test_a_failure_is_told_by_its_cause(message: str, reason: str) -> None:
    py4j = pytest.importorskip("py4j.protocol")
    with pytest.raises(CorpusFailed) as caught, spark_failures_named(Path("corpus")):
        raise py4j.Py4JError(message)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_java_that_is_gone_is_told() -> None:
    pytest.importorskip("pyspark")
    expected = pytest.raises(CorpusFailed, match=r"Java has ended.*run the same command again")
    with expected, spark_failures_named(Path("corpus")):
        raise ConnectionRefusedError
