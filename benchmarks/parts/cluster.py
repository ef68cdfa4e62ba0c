"""A real cluster of Spark on this machine: a master and workers, each a process of its own.

What PySpark brings along is enough to start them. Everything that they write lies in one folder,
and they end with the ``with`` block.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

HOST: Final = "127.0.0.1"
_PATIENCE_S: Final = 60.0
_MASTER: Final = "org.apache.spark.deploy.master.Master"
_WORKER: Final = "org.apache.spark.deploy.worker.Worker"


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """The address of a master, and the processes of its workers, whose children do the work."""

    address: str
    workers: tuple[int, ...]


def lacking() -> str | None:
    """What is missing for Spark to run here, or None."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed"
    if find_spec("pandas") is None:
        return "pandas is not installed, which PySpark asks for"
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "Java is not installed"
    return None


def home() -> Path:
    """The folder of Spark inside PySpark."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def settings(folder: Path, **more: str) -> dict[str, str]:
    """Settings of a driver that listens to this machine alone and writes below ``folder``.

    Underscores in the names of ``more`` stand for dots, after ``spark.``.
    """
    return {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.driver.memory": "1g",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **{f"spark.{name.replace('_', '.')}": value for name, value in more.items()},
    }


@contextmanager
def session(master: str, folder: Path, **more: str) -> Iterator[Any]:
    """A session of its own, stopped at the end; ``folder`` takes whatever it writes."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is installed

    os.environ["SPARK_LOCAL_IP"] = HOST
    # A driver that was started as a Python program hears of the executors' Python in no other way.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master).appName("forbear")
    for name, value in settings(folder, **more).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    try:
        yield spark
    finally:
        spark.stop()


@contextmanager
def cluster(folder: Path, *, workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """Start a master and workers of one core each."""
    port = _free_port()
    address, pids = f"spark://{HOST}:{port}", []
    with ExitStack() as stack:
        own = ["--host", HOST, "--port", str(port), "--webui-port", "0"]
        stack.enter_context(_process(_MASTER, own, folder / "master"))
        _until(lambda: _listens(port), "the master of Spark does not answer")
        for number in range(workers):
            place = folder / f"worker-{number}"
            words = ["--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", memory]
            words += ["--work-dir", str(place / "work"), address]
            pids.append(stack.enter_context(_process(_WORKER, words, place)))
        log = folder / "master" / "log"
        _until(
            lambda: log.read_text(encoding="utf-8").count("Registering worker") >= workers,
            "the workers of Spark do not find their master",
        )
        yield Cluster(address=address, workers=tuple(pids))


@contextmanager
def _process(name: str, words: Sequence[str], folder: Path) -> Iterator[int]:
    folder.mkdir(parents=True)
    environment: Mapping[str, str] = {
        **os.environ,
        "SPARK_HOME": str(home()),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - what PySpark itself brings along
            [str(home() / "bin" / "spark-class"), name, *words],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0


def _until(done: Any, otherwise: str) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.2)
