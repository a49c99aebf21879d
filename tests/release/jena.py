"""Jena's riot, from Debian's package ``libapache-jena-java``, which has no command of its own.

In that package the classes of Jena's copy of Xerces lie in ``xerces``, but the messages that they load at their start
are still in ``org/apache/jena/ext/xerces``; without them, nothing of Jena runs. So they are put where they are looked
for. Debian has no implementation of JSON-P either, so JSON-LD is read as JSON-LD 1.0, by jsonld-java.
"""

import shutil
import subprocess
import zipfile
from pathlib import Path

JARS = Path("/usr/share/java")
_MISPLACED = "org/apache/jena/ext/"
# fmt: off
_LIBRARIES = (
    "commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io", "commons-lang3",
    "commons-logging", "dexx.collection", "guava", "httpclient", "httpclient-cache", "httpcore",
    "jackson-annotations", "jackson-core", "jackson-databind", "jakarta.json-api", "jsonld-java", "protobuf",
    "slf4j-api", "slf4j-simple", "thrift", "titanium-json-ld",
)
# fmt: on


def is_installed() -> bool:
    return shutil.which("java") is not None and (JARS / "jena-cmds.jar").is_file()


def class_path(messages: Path) -> str:
    """What Java needs for riot; the misplaced messages are written into a directory."""
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        for entry in jar.infolist():
            if entry.filename.startswith(_MISPLACED) and not entry.is_dir():
                target = messages / entry.filename.removeprefix(_MISPLACED)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(entry))
    libraries = (JARS / f"{name}.jar" for name in _LIBRARIES)
    return ":".join(map(str, (messages, *sorted(JARS.glob("jena-*.jar")), *libraries)))


def riot(classes: str, *arguments: str) -> str:
    """What riot says on standard error: counts, and warnings, of which doubtful IRIs are some."""
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", classes, "riotcmd.riot", "--strict", "--check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stderr
