"""A worker process: answers one query at a time over one store, which it only reads, with no way to the network.

It runs strangers' queries, so it trusts nothing to end well: the front process watches the clock, the kernel watches
memory and sockets, and the process is as cheap to kill as to start.
"""

import contextlib
import os
import re
import socket
import threading
from typing import Any

from pyoxigraph import NamedNode, Store, Variable

from medsynth_kg.query.allocator import release_unused
from medsynth_kg.query.channel import ChannelClosed, receive_body, receive_message, send_message
from medsynth_kg.query.confinement import limit_memory, limit_processor_time, refuse_sockets
from medsynth_kg.query.in_memory import is_the_same_in_any_order
from medsynth_kg.query.serialising import LargerThanAllowed, NotSerialisable, serialise
from medsynth_kg.query.syntax_errors import explain_syntax_error
from medsynth_kg.query.terms import NotATerm, Term, read_term
from medsynth_kg.release.open_files import few_files

STACK_SIZE = 256 * 2**20
"""Bytes of stack for the thread that evaluates: the parser recurses, and operators nest as deep as a query is long."""
ENGINE_FILES = 512
"""Files that the engine may keep open: all of a store that is no larger than 30 GB or so, and their indexes leave most
of a query's memory to the query."""
_TELLING = re.compile(r"The custom function <[^<>\s]*> is not supported")
"""The engine's messages that help; others may quote a path of this machine, or what a remote service answered."""


class _Unusable(Exception):
    """A part of the request is not what it should be; the message says which."""


def run_worker(
    channel: socket.socket, path: str, copy: Store | None, memory: int, result_size: int, *, offline: bool
) -> None:
    """Serve queries over ``channel`` until it closes, and end the process then, with 1 after a failure of the engine.

    Evaluation has a thread of its own for the sake of its stack. ``path`` is where the store is, ``copy`` its copy in
    memory if there is one; ``memory`` is in bytes above the idle worker, ``result_size`` in bytes.
    """
    confined = offline and refuse_sockets()
    threading.stack_size(STACK_SIZE)
    arguments = (channel, path, copy, memory, result_size, confined)
    thread = threading.Thread(target=_serve_and_exit, args=arguments, daemon=True)
    thread.start()
    thread.join()


def _serve_and_exit(
    channel: socket.socket, path: str, copy: Store | None, memory: int, result_size: int, confined: bool
) -> None:
    status = 1
    try:
        _serve(channel, path, copy, memory, result_size, confined)
        status = 0
    finally:
        os._exit(status)


def _serve(
    channel: socket.socket, path: str, copy: Store | None, memory: int, result_size: int, confined: bool
) -> None:
    with contextlib.suppress(ChannelClosed):
        try:
            with few_files(ENGINE_FILES):
                store = Store.read_only(path)
        except OSError as error:
            send_message(channel, {"error": "store", "message": str(error)})
            return
        limit_memory(memory)
        send_message(channel, {"ready": True, "confined": confined, "has_copy": copy is not None})
        release = release_unused()
        while True:
            release()
            message = receive_message(channel)
            query = receive_body(channel, message).decode()
            asked = copy if copy is not None and is_the_same_in_any_order(query) else store
            send_message(channel, *_answer(asked, query, message.header, result_size))


def _answer(store: Store, query: str, header: dict[str, Any], limit: int) -> tuple[dict[str, Any], bytes | memoryview]:
    try:
        limit_processor_time(header["seconds"])
        arguments = _arguments(header)
        result, about = store.query(query, **arguments), arguments["substitutions"].values()
        content = serialise(result, header["media_type"], header["prefixes"], limit, about)
    except SyntaxError as error:
        problem = explain_syntax_error(query, header["base_iri"], error)
        return {"error": "syntax", **problem._asdict()}, b""
    except LargerThanAllowed:
        return {"error": "size"}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (_Unusable, NotSerialisable) as error:
        return {"error": "evaluation", "message": str(error)}, b""
    except (ValueError, RuntimeError, OSError) as error:
        return _failure(error, header), b""
    return {"ok": True}, content


def _arguments(header: dict[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "base_iri": header["base_iri"],
        "substitutions": {Variable(name): _term(name, term) for name, term in header["substitutions"].items()},
    }
    if header["default_graphs"] or header["named_graphs"]:
        arguments["default_graph"] = [_graph(iri) for iri in header["default_graphs"]]
        arguments["named_graphs"] = [_graph(iri) for iri in header["named_graphs"]]
    return arguments


def _graph(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise _Unusable(f"the graph <{iri}> is not an absolute IRI") from error


def _term(name: str, text: str) -> Term:
    try:
        return read_term(text)
    except NotATerm as error:
        raise _Unusable(f"the value of {name} is not a term in N-Triples syntax") from error


def _failure(error: Exception, header: dict[str, Any]) -> dict[str, Any]:
    """The engine's message where it is known to be about the query alone."""
    if match := _TELLING.fullmatch(str(error)):
        return {"error": "evaluation", "message": match.group()}
    if header["services"]:
        return {"error": "service"}
    return {"error": "evaluation", "message": "the query could not be evaluated"}
