"""A Spark session for one run."""

import importlib
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from medsynth_kg.corpus.errors import CorpusFailed, MasterUnknown, SparkMissing, SparkUnreachable

_PYTHON_ERROR = re.compile(r"^[\w.]+(?:Error|Exception|Unreadable|Truncated): .+$", re.MULTILINE)
_JAVA_ERROR = re.compile(r"^: (?:[\w.]+: )?(.+)$", re.MULTILINE)
_MASTER = re.compile(r"local(?:\[(?:\d+|\*)(?:, *\d+)?\])?$|spark://.|k8s://.|yarn$")


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """A session at ``master`` that ends with the block.

    Python workers on this machine run the interpreter that runs this; a cluster's own are for the cluster to set.

    Raises:
        MasterUnknown: ``master`` is no address of a Spark.
        SparkMissing: there is no pyspark, or no Java that it can use.
        SparkUnreachable: no Spark answers there.
    """
    if not _MASTER.match(master):
        raise MasterUnknown(master)
    try:
        builder = importlib.import_module("pyspark.sql").SparkSession.builder
        java_missing: type[Exception] = importlib.import_module("pyspark.errors").PySparkRuntimeError
        failure: type[Exception] = importlib.import_module("py4j.protocol").Py4JError
    except ModuleNotFoundError as error:
        raise SparkMissing("there is no pyspark here") from error
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = builder.master(master).appName("medsynth-kg corpus")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with _quiet_bridge():
        try:
            session = builder.getOrCreate()
        except java_missing as error:
            raise SparkMissing(str(error)) from error
        except (failure, ConnectionError) as error:
            raise SparkUnreachable(master, _reason(error)) from error
        _quieten_accumulators(session)
        try:
            yield session
        finally:
            with suppress(failure, OSError):  # a virtual machine that is gone has nothing to stop
                session.stop()


@contextmanager
def spark_failures_named(output: Path) -> Iterator[None]:
    """Turn Spark's failures, which tell the whole story of the virtual machine, into what went wrong in a task.

    Raises:
        CorpusFailed: a task failed as often as Spark tries it, or Spark itself did.
    """
    failures: tuple[type[Exception], ...] = (
        ConnectionError,
        importlib.import_module("py4j.protocol").Py4JError,
        importlib.import_module("pyspark.errors").PySparkException,
    )
    try:
        yield
    except failures as error:
        raise CorpusFailed(output, _reason(error)) from error


@contextmanager
def _quiet_bridge() -> Iterator[None]:
    """Let py4j, the bridge to Java, print no tracebacks where it also raises: it logs them, some as the root logger."""
    root, bridge = logging.getLogger(), logging.getLogger("py4j")
    level = bridge.level
    bridge.setLevel(logging.CRITICAL + 1)
    root.addFilter(_is_not_of_bridge)
    try:
        yield
    finally:
        root.removeFilter(_is_not_of_bridge)
        bridge.setLevel(level)


def _quieten_accumulators(session: Any) -> None:
    """Let the server that counts for Spark, unused here, print no traceback where its connection to Java ends."""
    server = getattr(session.sparkContext, "_accumulatorServer", None)
    if server is not None:
        server.handle_error = lambda *_: None


def _is_not_of_bridge(record: logging.LogRecord) -> bool:
    return record.module not in ("java_gateway", "clientserver")


def _reason(error: BaseException) -> str:
    """One line: what a task's Python said last, else what Java said first."""
    if isinstance(error, ConnectionError):
        return "Java has ended"
    text = str(error)
    reasons: list[str] = _PYTHON_ERROR.findall(text) or _JAVA_ERROR.findall(text)
    return reasons[-1] if reasons else text.partition("\n")[0]
