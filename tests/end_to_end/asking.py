"""Clients that ask again and again, and count who let them down."""

import threading
import time

import requests
from tests.end_to_end.server import Server

PAUSE = 0.02
"""Seconds between a client's questions, so that what happens meanwhile gets its share of a small machine."""


class Asking:
    """Several clients that ask until the end of the block, one question after another."""

    def __init__(self, server: Server, clients: int = 4) -> None:
        self.failures: list[str] = []
        self.releases: list[str] = []
        self._server = server
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]

    def __enter__(self) -> "Asking":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        asked = 0
        while not self._stop.is_set():
            asked += 1
            query = f"ASK {{ ?s ?p ?o FILTER({asked * 10 + number} > 0) }}"
            try:
                response = self._server.ask(query, "text/csv")
            except requests.RequestException as error:
                self.failures.append(repr(error))
                continue
            if (response.status_code, response.content) != (200, b"true"):
                self.failures.append(f"{response.status_code} {response.text}")
            self.releases.append(response.headers["Release-Id"])
            time.sleep(PAUSE)
