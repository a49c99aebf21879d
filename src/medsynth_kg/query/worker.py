"""A worker process: opens one store read-only and answers one query at a time, with no way to the network.

It runs strangers' queries, so it trusts nothing to end well: the front process watches the clock, the kernel watches
memory and open files, and the process is as cheap to kill as to start.
"""

import contextlib
import io
import os
import re
import resource
import socket
import threading
from pathlib import Path
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    parse,
    serialize,
)

from medsynth_kg.query.channel import ChannelClosed, receive_exactly, receive_header, send_message
from medsynth_kg.query.formats import syntax_of

STACK_SIZE = 256 * 2**20
"""Bytes of stack for the thread that evaluates: the parser recurses, and brackets nest as deep as a query is long."""
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTER_CLASSES = (
    (re.compile(r"\['0'\.\.='9'\]"), "a digit"),
    (re.compile(r"\['A' \.\.=.*?\\u\{FFFD\}'\]", re.DOTALL), "a letter"),
    (re.compile(r"expected \[_\]"), "expected more"),
    (re.compile(r", \[_\]"), ""),
)
"""The parser's character classes, in words."""
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class _ResultTooLarge(Exception):
    pass


class _BoundedBuffer(io.BytesIO):
    """A buffer that refuses to grow past a number of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: Any, /) -> int:
        if self.tell() + len(content) > self._limit:
            raise _ResultTooLarge
        return super().write(content)


def run_worker(channel: socket.socket, store: str, memory: int, result_size: int, *, offline: bool) -> None:
    """Serve queries over ``channel`` until it closes; evaluation has a thread of its own for the sake of its stack."""
    threading.stack_size(STACK_SIZE)
    thread = threading.Thread(target=_serve, args=(channel, store, memory, result_size, offline), daemon=True)
    thread.start()
    thread.join()


def _serve(channel: socket.socket, path: str, memory: int, result_size: int, offline: bool) -> None:
    try:
        store = Store.read_only(path)
    except OSError as error:
        send_message(channel, {"error": "store", "message": str(error)})
        return
    _limit_resources(memory, offline=offline)
    with contextlib.suppress(ChannelClosed):
        send_message(channel, {"ready": True})
        while True:
            header, length = receive_header(channel)
            query = receive_exactly(channel, length).decode()
            send_message(channel, *_answer(store, query, header, result_size))


def _limit_resources(memory: int, *, offline: bool) -> None:
    """Cap memory above what the process has now and, offline, the open files, so that no socket can be opened."""
    data = _data_size() + memory
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    if offline:
        highest = max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208  # numbers, not paths
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest, highest))


def _data_size() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _answer(store: Store, query: str, header: dict[str, Any], limit: int) -> tuple[dict[str, Any], bytes | memoryview]:
    try:
        result = store.query(query, **_arguments(header))
        buffer = _BoundedBuffer(limit)
        syntax = syntax_of(header["media_type"])
        if isinstance(result, QueryTriples) and isinstance(syntax, RdfFormat):
            serialize(result, buffer, format=syntax, prefixes=header["prefixes"])
        elif isinstance(result, QuerySolutions | QueryBoolean) and isinstance(syntax, QueryResultsFormat):
            result.serialize(buffer, format=syntax)
        else:
            return {
                "error": "evaluation",
                "message": f"this form of query has no answer in {header['media_type']}",
            }, b""
    except SyntaxError as error:
        return _syntax_error(error), b""
    except _ResultTooLarge:
        return {"error": "size"}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (ValueError, RuntimeError, OSError) as error:
        return {"error": "evaluation", "message": _harmless(error)}, b""
    content = buffer.getbuffer()
    if "xml" in header["media_type"] and _NOT_IN_XML.search(content):
        message = "the answer has characters that XML 1.0 cannot carry; ask for another format"
        return {"error": "evaluation", "message": message}, b""
    return {"ok": True}, content


def _arguments(header: dict[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "base_iri": header["base_iri"],
        "substitutions": {Variable(name): _term(term) for name, term in header["substitutions"].items()},
    }
    if header["default_graphs"] or header["named_graphs"]:
        arguments["default_graph"] = [NamedNode(iri) for iri in header["default_graphs"]]
        arguments["named_graphs"] = [NamedNode(iri) for iri in header["named_graphs"]]
    else:
        arguments["use_default_graph_as_union"] = not header["has_dataset"]
    return arguments


def _term(text: str) -> Any:
    """A term from its N-Triples form."""
    (quad,) = parse(f"<urn:s> <urn:p> {text} .".encode(), format=RdfFormat.N_TRIPLES)
    return quad.object


def _syntax_error(error: SyntaxError) -> dict[str, Any]:
    match = _POSITION.fullmatch(str(error))
    if not match:
        return {"error": "syntax", "message": str(error), "line": None, "column": None}
    line, column, message = match.groups()
    for pattern, words in _CHARACTER_CLASSES:
        message = pattern.sub(words, message)
    return {"error": "syntax", "message": message, "line": int(line), "column": int(column)}


def _harmless(error: Exception) -> str:
    """The engine's message, unless it may quote what a remote service answered."""
    message = str(error)
    if re.search(r"https?:|service|connect|network|resolve|payload|os error", message, re.IGNORECASE):
        if match := re.fullmatch(r"The custom function <[^<>\s]*> is not supported", message):
            return match.group()
        return "the query could not be evaluated"
    return message
