import pytest

from medsynth_kg.endpoint.cache import Cache


@pytest.fixture
def cache() -> Cache[str, int]:
    return Cache(80, once=10)


def put_and_use(cache: Cache[str, int], key: str, value: int, size: int) -> None:
    cache.put(key, value, size)
    assert cache.get(key) == value


def test_of_what_was_used_again_what_was_not_used_for_longest_goes_first(cache: Cache[str, int]) -> None:
    put_and_use(cache, "a", 1, 40)
    put_and_use(cache, "b", 2, 40)
    assert cache.get("a") == 1
    put_and_use(cache, "c", 3, 40)
    assert cache.get("b") is None
    assert (cache.get("a"), cache.get("c"), cache.bytes) == (1, 3, 80)


def test_what_is_used_once_takes_its_part_and_pushes_out_nothing_else(cache: Cache[str, int]) -> None:
    put_and_use(cache, "a", 1, 40)
    for number in range(1000):
        cache.put(f"once {number}", number, 5)
    assert cache.bytes == 40 + 10
    assert cache.get("once 999") == 999
    assert cache.get("once 990") is None
    assert cache.get("a") == 1


def test_what_comes_in_turn_is_kept_the_second_time_although_it_is_more_than_that_part(cache: Cache[str, int]) -> None:
    for _ in range(2):
        for number in range(15):
            if cache.get(f"{number}") is None:
                cache.put(f"{number}", number, 5)
    assert [cache.get(f"{number}") for number in range(15)] == list(range(15))


def test_a_value_larger_than_that_part_stays_until_the_next_comes(cache: Cache[str, int]) -> None:
    cache.put("a", 1, 70)
    cache.put("b", 2, 70)
    assert (cache.get("a"), cache.get("b"), cache.bytes) == (None, 2, 70)


def test_never_more_than_the_limit_is_kept(cache: Cache[str, int]) -> None:
    for number in range(50):
        put_and_use(cache, f"{number}", number, 7)
        cache.put(f"once {number}", number, 9)
        assert cache.bytes <= 80


def test_what_is_larger_than_the_cache_is_not_kept(cache: Cache[str, int]) -> None:
    cache.put("a", 1, 81)
    assert cache.get("a") is None
    assert cache.bytes == 0


def test_a_value_put_twice_is_counted_once(cache: Cache[str, int]) -> None:
    cache.put("a", 1, 4)
    cache.put("a", 2, 6)
    assert (cache.get("a"), cache.bytes) == (2, 6)
