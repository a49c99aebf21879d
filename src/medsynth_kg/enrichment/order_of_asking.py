"""In which order questions are put, so that troubles close together don't look like a service that is down."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator


def in_order_of_asking(questions: Iterable[str], seems_down: Callable[[], bool]) -> Iterator[str]:
    """The questions in their order; where the service seems down, the last one that is left comes next.

    Questions are sorted, so the last one resembles those that failed the least: if it is answered, the service is up
    and the others are worth asking.
    """
    left = deque(questions)
    while left:
        yield left.pop() if seems_down() else left.popleft()
