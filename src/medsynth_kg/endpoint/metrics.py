"""What the operator sees at /metrics, in Prometheus' text format (version 0.0.4)."""

import threading
from bisect import bisect_left
from collections import Counter
from itertools import accumulate

BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""Upper bounds of the histogram of query times, in seconds."""


class Metrics:
    """Counts queries by outcome and by time. Safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcomes: Counter[str] = Counter()
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0
        self._cache_hits = 0

    def count_hit(self) -> None:
        """Count a query that was answered from the cache."""
        with self._lock:
            self._cache_hits += 1

    def count_query(self, outcome: str, seconds: float) -> None:
        """Count a query that was run; ``outcome`` is ``answered`` or the slug of a problem."""
        bucket = bisect_left(BUCKETS, seconds)
        with self._lock:
            self._outcomes[outcome] += 1
            self._buckets[bucket] += 1
            self._seconds += seconds

    def exposition(self, release_id: str, *, waiting: int, replaced: int, in_memory: bool, cache_bytes: int) -> str:
        """Everything counted so far, and the state of the release that is served."""
        with self._lock:
            outcomes, buckets = sorted(self._outcomes.items()), tuple(accumulate(self._buckets))
            seconds, hits = self._seconds, self._cache_hits
        lines = [
            "# TYPE medsynth_kg_queries_total counter",
            *(f'medsynth_kg_queries_total{{outcome="{outcome}"}} {count}' for outcome, count in outcomes),
            "# TYPE medsynth_kg_query_seconds histogram",
            *(
                f'medsynth_kg_query_seconds_bucket{{le="{bound}"}} {count}'
                for bound, count in zip((*BUCKETS, "+Inf"), buckets, strict=True)
            ),
            f"medsynth_kg_query_seconds_sum {seconds}",
            f"medsynth_kg_query_seconds_count {buckets[-1]}",
            "# TYPE medsynth_kg_cache_hits_total counter",
            f"medsynth_kg_cache_hits_total {hits}",
            "# TYPE medsynth_kg_cache_bytes gauge",
            f"medsynth_kg_cache_bytes {cache_bytes}",
            "# TYPE medsynth_kg_queries_waiting gauge",
            f"medsynth_kg_queries_waiting {waiting}",
            "# TYPE medsynth_kg_workers_replaced_total counter",
            f"medsynth_kg_workers_replaced_total {replaced}",
            "# TYPE medsynth_kg_store_in_memory gauge",
            f"medsynth_kg_store_in_memory {int(in_memory)}",
            "# TYPE medsynth_kg_release_info gauge",
            f'medsynth_kg_release_info{{release="{release_id}"}} 1',
        ]
        return "\n".join(lines) + "\n"
