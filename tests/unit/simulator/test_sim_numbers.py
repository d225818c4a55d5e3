"""Identifiers against python-stdnum and the vectors of the standards."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from stdnum.cn import ric, uscc

from simulator import numbers
from simulator.arrays import ints, text
from simulator.randomness import stream, weighted


def _people(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = stream(3, "test")
    prefix = rng.choice([110105, 610202, 610221, 612633], size)
    birth = np.datetime64("1931-01-01") + rng.integers(0, 31_000, size).astype("timedelta64[D]")
    return prefix, birth, rng.integers(1, 3, size)


def test_resident_numbers_agree_with_stdnum() -> None:
    prefix, birth, sex = _people(4000)
    keys = numbers.resident_keys(prefix, birth, sex)
    made = numbers.resident_numbers(keys, numbers.ranks(keys, ints([])))
    assert made.n_unique() == 4000
    for number, place, day, kind in zip(made, prefix, birth, sex, strict=True):
        assert ric.calc_check_digit(number) == number[-1]
        assert number[:6] == str(place)
        assert ric.get_birth_date(number) == day.astype(object)
        assert int(number[16]) % 2 == kind % 2
        assert number[15:17] != "00"
        assert number[14:17] < "996"


def test_people_of_one_day_get_different_numbers_also_on_later_nights() -> None:
    key = numbers.resident_keys(
        ints([610202] * 300), np.array(["1980-05-05"] * 300, "datetime64[D]"), ints([2] * 300)
    )
    first = numbers.resident_numbers(key[:200], numbers.ranks(key[:200], ints([])))
    later = numbers.resident_numbers(key[200:], numbers.ranks(key[200:], key[:200]))
    assert pl.concat([first, later]).n_unique() == 300
    with pytest.raises(ValueError, match="too many people"):
        numbers.resident_numbers(key[:1], ints([488]))


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_vectors_of_gb_11643(number: str) -> None:
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert numbers.rechecked(pl.Series([wrong])).to_list() == [number]


def test_vector_of_gb_11714() -> None:
    body = np.frombuffer(b"D2143569", dtype=np.uint8).reshape(1, 8)
    assert text(numbers.organisation_codes(body)).to_list() == ["D2143569X"]


def test_vector_of_gb_32100() -> None:
    body = np.frombuffer(b"91350100M000100Y4", dtype=np.uint8).reshape(1, 17)
    assert text(numbers.with_uscc_check(body)).to_list() == ["91350100M000100Y43"]


def test_social_credit_codes_agree_with_stdnum_and_differ() -> None:
    index = np.arange(20_000)
    body = numbers.organisation_bodies(index, index % 2 == 0)
    organisation = numbers.organisation_codes(body)
    prefix = pl.Series(["91", "92", "93", "11"] * 5000)
    made = numbers.usccs(prefix, np.full(20_000, 610200), organisation)
    assert made.str.slice(8, 9).n_unique() == 20_000
    assert all(uscc.is_valid(code) for code in made.head(2000))
    assert made.str.slice(8, 9).to_list() == text(organisation).to_list()


def test_vector_of_gs_15_2006() -> None:
    made = numbers.registration_numbers(ints([110108]), ints([0]), ints([1]))
    assert made.to_list() == ["110108000000016"]


def test_streams_of_topics_do_not_touch_each_other() -> None:
    first = stream(1, "births", 2).random(3)
    stream(1, "deaths", 2).random(1000)
    assert np.array_equal(first, stream(1, "births", 2).random(3))
    assert not np.array_equal(first, stream(1, "births", 3).random(3))
    assert not np.array_equal(first, stream(2, "births", 2).random(3))


def test_weights_are_kept() -> None:
    drawn = weighted(stream(1, "weights"), [0.0, 3.0, 1.0], 8000)
    assert set(drawn.tolist()) == {1, 2}
    assert 0.72 < (drawn == 1).mean() < 0.78
