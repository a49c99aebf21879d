"""Two real replicas behind a real nginx with the shipped configuration: no request fails, whatever becomes of one."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import requests
from tests.end_to_end.asking import Asking
from tests.end_to_end.server import Server, descendants, serving, wait_for
from tests.end_to_end.small_releases import build_small_release
from tests.loopback import free_ports, serving_requests

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = """pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/medsynth-kg.conf;
}}
"""
pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is missing: nginx-light"),
]


@contextlib.contextmanager
def nginx(folder: Path, replicas: tuple[int, int], releases: Path | None = None) -> Iterator[Server]:
    """The shipped configuration, but for its ports and those of the replicas, and for where it has releases."""
    (port,) = free_ports(1)
    text = (DEPLOY / "nginx" / "medsynth-kg.conf").read_text()
    used = {
        "listen 80 default_server;": f"listen 127.0.0.1:{port};",
        ":8001": f":{replicas[0]}",
        ":8002": f":{replicas[1]}",
        "alias /var/lib/medsynth-kg/releases/;": f"alias {releases or folder}/;",
    }
    for shipped, own in used.items():
        assert shipped in text
        text = text.replace(shipped, own)
    (folder / "medsynth-kg.conf").write_text(text)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user))
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
        server = Server(port, process, folder / "error.log")
        try:
            assert wait_for(server.answers)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)


def ports_of(replicas: tuple[Server, Server]) -> tuple[int, int]:
    return replicas[0].port, replicas[1].port


@pytest.fixture
def directories(tmp_path: Path) -> tuple[Path, Path]:
    """The releases of two machines, which have the same one."""
    build_small_release(tmp_path / "one", 20)
    shutil.copytree(tmp_path / "one", tmp_path / "two", symlinks=True)
    return tmp_path / "one", tmp_path / "two"


@contextlib.contextmanager
def serving_both(one: Path, two: Path, folder: Path) -> Iterator[tuple[Server, Server]]:
    options = ("--query-workers", "2")
    with serving(one, folder / "output-one", *options) as first, serving(two, folder / "output-two", *options) as other:
        yield first, other


@pytest.fixture
def replicas(directories: tuple[Path, Path], tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    with serving_both(*directories, tmp_path) as running:
        yield running


@pytest.fixture
def front(replicas: tuple[Server, Server], tmp_path: Path) -> Iterator[Server]:
    with nginx(tmp_path, ports_of(replicas)) as running:
        yield running


def test_what_is_asked_and_answered_comes_through_unchanged_but_no_metrics(tmp_path: Path) -> None:
    build_small_release(tmp_path / "releases", 20)
    with (
        serving_both(tmp_path / "releases", tmp_path / "releases", tmp_path) as replicas,
        nginx(tmp_path, ports_of(replicas)) as front,
    ):
        check_answers(front, replicas[0])
        check_long_queries(front)
        assert requests.get(f"{front.address}/metrics", timeout=20).status_code == 404
        assert requests.get(f"{replicas[0].address}/metrics", timeout=20).status_code == 200


def check_answers(front: Server, replica: Server) -> None:
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("/", {"Accept": "text/html"}),
        ("/queries/papers.csv", {}),
        ("/dumps/latest/medsynth-kg.nt", {"Range": "bytes=0-99"}),
        ("/sparql", {"Accept": "text/turtle"}),
        ("/sparql?query=SELECT", {}),
        ("/nothing", {"Accept": "application/json"}),
    )
    for path, headers in asked:
        theirs, ours = (
            requests.get(
                f"{one.address}{path}", headers={"Host": "localhost", **headers}, timeout=20, allow_redirects=False
            )
            for one in (front, replica)
        )
        assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content)
        changed = {name for name, value in ours.headers.items() if theirs.headers.get(name) != value}
        assert {name.lower() for name in changed} <= {"date", "server", "connection"}


def test_dumps_that_nginx_sends_are_those_of_a_replica_with_all_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = tmp_path / "releases"
    release = build_small_release(releases, 20)
    with serving(releases, tmp_path / "output-alone") as alone:
        monkeypatch.setenv("MEDSYNTH_KG_ACCEL_REDIRECT", "/kept-releases/")
        with (
            serving_both(releases, releases, tmp_path) as replicas,
            nginx(tmp_path, ports_of(replicas), releases) as front,
        ):
            for name in ("medsynth-kg.nt", "medsynth-kg.ttl.gz", "graphs/survey.ttl"):
                check_dump(front, alone, f"/dumps/{release.id}/{name}", release.manifest.files[f"dumps/{name}"].sha256)
            assert requests.get(f"{front.address}/dumps/{release.id}/none.ttl", timeout=20).status_code == 404
            hidden = requests.get(f"{front.address}/kept-releases/{release.id}/manifest.json", timeout=20)
            assert hidden.status_code == 404


def check_dump(front: Server, replica: Server, path: str, digest: str) -> None:
    asked: tuple[dict[str, str], ...] = (
        {},
        {"Range": "bytes=5-99"},
        {"Range": "bytes=-7"},
        {"Range": "bytes=99999999-"},
        {"Range": "bytes=5-", "If-Range": f'"{digest}"'},
        {"Range": "bytes=5-", "If-Range": '"another"'},
        {"If-None-Match": f'"{digest}"'},
    )
    for method in ("GET", "HEAD"):
        # A range is a range of GET alone (RFC 9110, section 14.2), but not to nginx.
        for headers in (one for one in asked if method == "GET" or "Range" not in one):
            theirs, ours = (
                requests.request(
                    method, f"{one.address}{path}", headers={"Accept-Encoding": "gzip", **headers}, timeout=20
                )
                for one in (front, replica)
            )
            assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content), (method, headers)
            assert "X-Accel-Redirect" not in theirs.headers
            if theirs.status_code in (200, 206):
                changed = {name for name, value in ours.headers.items() if theirs.headers.get(name) != value}
                own = {"date", "expires", "server", "connection"}
                own |= {"accept-ranges"} if theirs.status_code == 206 else set()
                assert {name.lower() for name in changed} <= own, (method, headers)


def check_long_queries(front: Server) -> None:
    long = "ASK { } # " + "x" * 50_000
    assert front.ask(long, "text/csv").text == "true"
    assert (
        requests.post(front.sparql, data={"query": long * 4}, headers={"Accept": "text/csv"}, timeout=20).text == "true"
    )


def test_a_killed_replica_lets_nobody_down(front: Server, replicas: tuple[Server, Server]) -> None:
    with Asking(front) as asking:
        assert wait_for(lambda: len(asking.releases) > 100)
        for process in (replicas[1].process.pid, *descendants(replicas[1].process.pid)):
            os.kill(process, signal.SIGKILL)
        count = len(asking.releases)
        assert wait_for(lambda: len(asking.releases) > count + 200)
    assert asking.failures == []


def test_a_replica_that_is_stopped_for_maintenance_lets_nobody_down(
    front: Server, replicas: tuple[Server, Server]
) -> None:
    with Asking(front) as asking:
        assert wait_for(lambda: len(asking.releases) > 100)
        replicas[0].process.send_signal(signal.SIGTERM)
        assert replicas[0].process.wait(20) == 0
        count = len(asking.releases)
        assert wait_for(lambda: len(asking.releases) > count + 200)
    assert asking.failures == []


def test_a_release_is_handed_over_to_both_without_a_failed_request(
    front: Server, directories: tuple[Path, Path], tmp_path: Path
) -> None:
    newer = build_small_release(tmp_path / "builder", 25)
    with Asking(front) as asking:
        hand_over(tmp_path / "builder" / "current", *directories)
        assert wait_for(lambda: asking.releases[-100:] == [newer.id] * 100)
    assert asking.failures == []
    for directory in directories:
        assert (directory / "current").readlink() == Path(newer.id)
        assert sorted(path.name for path in directory.iterdir() if path.name.startswith(".building")) == []


def hand_over(release: Path, *destinations: Path) -> subprocess.CompletedProcess[str]:
    command = [str(DEPLOY / "hand-over"), str(release), *map(str, destinations)]
    return subprocess.run(command, capture_output=True, text=True, check=True)


class Busy(BaseHTTPRequestHandler):
    """A replica that has no worker free for one of its paths."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        is_busy = self.path == "/busy"
        self.send_response(503 if is_busy else 200)
        self.send_header("Content-Length", "4")
        if is_busy:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(b"true")


def test_what_a_busy_replica_can_answer_it_still_answers(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(serving_requests(Busy)) for _ in range(2)]
        front = stack.enter_context(nginx(tmp_path, (ports[0], ports[1])))
        for _ in range(5):
            busy = requests.get(f"{front.address}/busy", timeout=20)
            assert (busy.status_code, busy.headers["Retry-After"]) == (503, "7")
            assert requests.get(f"{front.address}/fine", timeout=20).status_code == 200


def test_a_release_that_was_not_copied_whole_is_not_handed_over(tmp_path: Path) -> None:
    first, damaged = build_small_release(tmp_path / "here", 20), build_small_release(tmp_path / "there", 25)
    (damaged.path / "void.ttl").write_text("")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        hand_over(damaged.path, tmp_path / "here")
    assert "void.ttl" in failed.value.stderr + failed.value.stdout
    assert (tmp_path / "here" / "current").readlink() == Path(first.id)


def test_a_release_that_was_damaged_at_its_destination_does_not_become_current_again(tmp_path: Path) -> None:
    release = build_small_release(tmp_path / "here", 20)
    hand_over(release.path, tmp_path / "there")
    (tmp_path / "there" / "current").unlink()
    (tmp_path / "there" / release.id / "void.ttl").write_text("")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        hand_over(release.path, tmp_path / "there")
    assert f"{release.id} is damaged; move it away" in failed.value.stderr
    assert not (tmp_path / "there" / "current").exists()


def test_handing_over_twice_changes_nothing_and_a_former_release_comes_back(tmp_path: Path) -> None:
    first, second = build_small_release(tmp_path / "here", 20), build_small_release(tmp_path / "here", 25)
    for release in (first, second, second, first):
        hand_over(release.path, tmp_path / "new")
        assert (tmp_path / "new" / "current" / "manifest.json").read_bytes() == (
            release.path / "manifest.json"
        ).read_bytes()


def test_a_destination_that_a_shell_may_read_otherwise_is_refused(tmp_path: Path) -> None:
    release = build_small_release(tmp_path / "here", 20)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        hand_over(release.path, tmp_path / "a;touch b")
    assert "characters" in failed.value.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: systemd")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/medsynth-kg/.venv/bin/medsynth-kg", "/bin/true")
        (tmp_path / unit.name.replace("@", "@8001")).write_text(text)
    units = sorted(map(str, tmp_path.iterdir()))
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert [line for line in checked.stderr.splitlines() if str(tmp_path) in line] == []
