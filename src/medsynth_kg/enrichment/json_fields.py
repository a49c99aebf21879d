"""Reading JSON without trusting its shape: what isn't as documented counts as absent, and is noted."""

import calendar
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.text import plain_text


def parse_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object (RFC 8259) in ``body``.

    Raises:
        FetchError: it isn't UTF-8, isn't JSON, is nested too deeply, or isn't an object.
    """
    value = _parse(body)
    if not isinstance(value, dict):
        raise FetchError("the answer isn't a JSON object")
    return value


def parse_list(body: bytes) -> Sequence[Mapping[str, Any] | None]:
    """The JSON array in ``body``, of objects and of null.

    Raises:
        FetchError: it isn't UTF-8, isn't JSON, is nested too deeply, or isn't an array of these.
    """
    value = _parse(body)
    if not isinstance(value, list) or not all(element is None or isinstance(element, dict) for element in value):
        raise FetchError("the answer isn't a JSON array of objects")
    return value


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise FetchError("the answer isn't valid UTF-8") from error
    except RecursionError as error:
        raise FetchError("the answer's JSON is nested too deeply") from error
    except ValueError as error:
        raise FetchError(f"the answer isn't valid JSON ({error})") from error


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


class Fields:
    """The fields of one JSON object. ``problems`` collects the names of those whose values are misshapen.

    Null and an absent field are the same: nothing said, no problem.
    """

    def __init__(self, content: Mapping[str, Any], path: str = "", problems: set[str] | None = None) -> None:
        self._content = content
        self._path = path
        self.problems = set() if problems is None else problems

    def text(self, name: str) -> str | None:
        """A string as plain text (see ``plain_text``), None where there's none or it is empty."""
        value = self._content.get(name)
        if isinstance(value, str):
            return plain_text(value) or None
        self._note(name, value)
        return None

    def number(self, name: str) -> int | None:
        """A whole number that isn't negative."""
        value = self._content.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._note(name, value)
        return None

    def flag(self, name: str) -> bool:
        """Whether a truth value is true."""
        value = self._content.get(name)
        if not isinstance(value, bool):
            self._note(name, value)
        return value is True

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings of a list as plain text, without empty ones; a lone string counts as a list of one."""
        value = self._content.get(name)
        values = [value] if isinstance(value, str) else self._list(name)
        for item in values:
            if item is not None and not isinstance(item, str):
                self._note(name, item)
        cleaned = (plain_text(item) for item in values if isinstance(item, str))
        return tuple(text for text in cleaned if text)

    def first_text(self, name: str) -> str | None:
        """The first string of a list of which Crossref fills one place only."""
        return next(iter(self.texts(name)), None)

    def objects(self, name: str) -> Iterator["Fields"]:
        """The objects of a list, in order."""
        for item in self._list(name):
            if isinstance(item, dict):
                yield Fields(item, f"{self._path}{name}.", self.problems)
            elif item is not None:
                self._note(name, item)

    def nested(self, name: str) -> "Fields":
        """A nested object; one without fields where there's none."""
        value = self._content.get(name)
        if not isinstance(value, dict):
            self._note(name, value)
            value = {}
        return Fields(value, f"{self._path}{name}.", self.problems)

    def date(self, name: str) -> tuple[int, ...] | None:
        """The year, month and day of a "date-parts" object, as far as it names them."""
        nested = self.nested(name)
        lists = nested._list("date-parts")
        parts = lists[0] if lists else None
        if parts is None or parts == [None] or parts == []:
            return None
        whole = isinstance(parts, list) and all(type(part) is int for part in parts)
        if whole and len(parts) <= 3 and _is_date(*parts):
            return tuple(parts)
        nested._note("date-parts", parts)
        return None

    def _list(self, name: str) -> list[Any]:
        value = self._content.get(name)
        if isinstance(value, list):
            return value
        self._note(name, value)
        return []

    def _note(self, name: str, value: Any) -> None:
        if value is not None:
            self.problems.add(self._path + name)


def _is_date(year: int, month: int = 1, day: int = 1) -> bool:
    return 1400 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
