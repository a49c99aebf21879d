"""What a saved query's header says of drawing its answer: a mark, and which variable stands for what."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Mark = Literal["bar", "stacked bar", "line", "heat map"]

_NEEDED: dict[Mark, frozenset[str]] = {
    "bar": frozenset(),
    "stacked bar": frozenset({"colour"}),
    "line": frozenset(),
    "heat map": frozenset({"value"}),
}
_POSSIBLE: dict[Mark, frozenset[str]] = {
    "bar": frozenset({"whole"}),
    "stacked bar": frozenset({"colour"}),
    "line": frozenset({"colour"}),
    "heat map": frozenset({"value"}),
}


class Channel(BaseModel):
    """A variable of the query and what the chart calls it; a bare name in the header is the variable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variable: str
    title: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"variable": value} if isinstance(value, str) else value


class Chart(BaseModel):
    """How to draw an answer, after the channels of Vega-Lite (https://vega.github.io/vega-lite/docs/encoding.html).

    ``x`` and ``y`` are the axes; ``y`` is the number of a bar or a line, and ``value`` that of a cell of a heat map.
    ``colour`` tells the series of a line or a stacked bar. ``whole`` is the number that a bar is part of. ``absent`` is
    the number of a combination that has no row; without it, there is a gap.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: Mark
    x: Channel
    y: Channel
    colour: Channel | None = None
    value: Channel | None = None
    whole: Channel | None = None
    absent: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _has_what_its_mark_needs(self) -> Self:
        given = {name for name in ("colour", "value", "whole") if getattr(self, name) is not None}
        if missing := _NEEDED[self.mark] - given:
            raise ValueError(f"a {self.mark} needs {', '.join(sorted(missing))}")
        if idle := given - _POSSIBLE[self.mark]:
            raise ValueError(f"a {self.mark} has no {', '.join(sorted(idle))}")
        return self

    @property
    def numbers(self) -> tuple[Channel, ...]:
        """The channels whose values are numbers, the one that is drawn first."""
        drawn = self.value if self.value is not None else self.y
        return (drawn, self.whole) if self.whole is not None else (drawn,)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every channel that is used."""
        return tuple(one for one in (self.x, self.y, self.colour, self.value, self.whole) if one is not None)
