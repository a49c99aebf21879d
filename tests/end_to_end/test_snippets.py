"""What a question's page offers to copy does what the page says."""

import html
import re
import shlex
import subprocess
import sys

import pytest
import requests
from tests.end_to_end.server import Server

PAGES = [
    "find-papers?modality=ecg&family=diffusion-model",
    "ecg-diffusion-models-checked-for-privacy",
    "papers-as-schema-org",
]


def snippet(server: Server, page: str, language: str) -> str:
    text = requests.get(f"{server.address}/queries/{page}", headers={"Accept": "text/html"}, timeout=20).text
    (found,) = re.findall(rf'<pre [^>]*aria-label="{language} for this answer">(.*?)</pre>', text, re.DOTALL)
    return html.unescape(found)


@pytest.mark.parametrize("page", PAGES)
def test_the_curl_command_answers(server: Server, page: str) -> None:
    command = shlex.split(snippet(server, page, "curl"))
    assert command[0] == "curl"
    answer = subprocess.run([*command, "--silent", "--fail"], capture_output=True, check=True, timeout=30)
    assert answer.stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_python_code_runs(server: Server, page: str) -> None:
    code = snippet(server, page, "Python")
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert answer.stdout.strip()
