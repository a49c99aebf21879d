"""A Spark session for one run."""

import importlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medsynth_kg.corpus.errors import CorpusFailed, SparkMissing

_PYTHON_ERROR = re.compile(r"^[\w.]+(?:Error|Exception|Unreadable): .+$", re.MULTILINE)


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """A session at ``master`` that ends with the block.

    Python workers on this machine run the interpreter that runs this; a cluster's own are for the cluster to set.

    Raises:
        SparkMissing: there is no pyspark, or no Java that it can use.
    """
    try:
        builder = importlib.import_module("pyspark.sql").SparkSession.builder
        failure: type[Exception] = importlib.import_module("pyspark.errors").PySparkRuntimeError
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
    try:
        session = builder.getOrCreate()
    except failure as error:
        raise SparkMissing(str(error)) from error
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def spark_failures_named(output: Path) -> Iterator[None]:
    """Turn Spark's failures, which tell the whole story of the virtual machine, into what went wrong in a task.

    Raises:
        CorpusFailed: a task failed as often as Spark tries it, or Spark itself did.
    """
    failures: tuple[type[Exception], ...] = (
        importlib.import_module("py4j.protocol").Py4JError,
        importlib.import_module("pyspark.errors").PySparkException,
    )
    try:
        yield
    except failures as error:
        reasons: list[str] = _PYTHON_ERROR.findall(str(error))
        raise CorpusFailed(output, reasons[-1] if reasons else str(error).partition("\n")[0]) from error
