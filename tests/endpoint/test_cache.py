from medsynth_kg.endpoint.cache import Cache


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache: Cache[str, int] = Cache(10)
    cache.put("a", 1, 5)
    cache.put("b", 2, 5)
    assert cache.get("a") == 1
    cache.put("c", 3, 5)
    assert cache.get("b") is None
    assert (cache.get("a"), cache.get("c"), cache.bytes) == (1, 3, 10)


def test_what_is_larger_than_the_cache_is_not_kept() -> None:
    cache: Cache[str, int] = Cache(10)
    cache.put("a", 1, 11)
    assert cache.get("a") is None
    assert cache.bytes == 0


def test_a_value_put_twice_is_counted_once() -> None:
    cache: Cache[str, int] = Cache(10)
    cache.put("a", 1, 4)
    cache.put("a", 2, 6)
    assert (cache.get("a"), cache.bytes) == (2, 6)
