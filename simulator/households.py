"""Households of the first day: who lives with whom, as arrays of members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.arrays import Bools, Floats, Ints
from simulator.randomness import stream

HEAD, SPOUSE, CHILD, ELDER = 0, 1, 2, 3
_YEAR = 365.25


@dataclass(frozen=True)
class Members:
    """Members of all households, ordered by household, then role.

    Attributes:
        household: number of the household, from 0.
        role: HEAD, SPOUSE, CHILD or ELDER.
        sex: 1 male, 2 female.
        age: in days on the first day.
        birth_order: 0 for the first of its role in the household, and so on.
    """

    household: Ints
    role: Ints
    sex: Ints
    age: Ints
    birth_order: Ints


def _head_ages(rng: np.random.Generator, size: int) -> Floats:
    middle = rng.normal(48, 13, size)
    return np.clip(np.where(middle < 20, 20 + rng.random(size) * 8, middle), 20, 88)


def _is_married(rng: np.random.Generator, age: Floats) -> Bools:
    chance = np.interp(age, [20, 24, 28, 35, 65, 88], [0.05, 0.35, 0.8, 0.93, 0.86, 0.45])
    return rng.random(len(age)) < chance


def _children(
    rng: np.random.Generator, mother_age: Floats, has_couple: Bools
) -> list[tuple[Ints, Floats, Ints]]:
    """(household, age, order) of first, second and third children living at home."""
    found, size = [], len(mother_age)
    households = np.arange(size)
    first_at = np.clip(rng.normal(25.5, 3.2, size), 19, 40)
    wanted = rng.random(size)
    for order, chance in enumerate((0.9, 0.42, 0.06)):
        age = mother_age - first_at - order * (2 + 3 * rng.random(size))
        # Grown children mostly keep house on their own.
        at_home = rng.random(size) < np.interp(age, [0, 18, 25, 32, 60], [1, 0.97, 0.6, 0.15, 0.05])
        chosen = has_couple & (age >= 0) & (wanted < chance) & at_home
        found.append((households[chosen], age[chosen], np.full(int(chosen.sum()), order)))
    return found


def draw_members(seed: int, count: int) -> Members:
    """Exactly `count` members in households of the usual composition."""
    rng = stream(seed, "households")
    size = max(count // 2, 2)
    head_age = _head_ages(rng, size)
    head_sex = np.where(rng.random(size) < 0.78, 1, 2)
    married = _is_married(rng, head_age)
    older = np.where(head_sex == 1, -2.0, 2.5)
    spouse_age = np.clip(head_age + older + rng.normal(0, 2.2, size), 20, 92)
    mother_age = np.where(head_sex == 2, head_age, spouse_age)
    every = np.arange(size)
    parts: list[tuple[Any, Any, Any, Any, Any]] = [
        (every, HEAD, head_sex, head_age, np.zeros(size))
    ]
    wed = every[married]
    parts.append((wed, SPOUSE, 3 - head_sex[wed], spouse_age[wed], np.zeros(len(wed))))
    for household, age, order in _children(rng, mother_age, married):
        sex = np.where(rng.random(len(household)) < 0.525, 1, 2)
        parts.append((household, CHILD, sex, age, order))
    for which, chance in ((0, 0.13), (1, 0.2)):
        lives = every[(head_age > 28) & (head_age < 62) & (rng.random(size) < chance)]
        age = np.clip(head_age[lives] + 21 + 9 * rng.random(len(lives)), 45, 101)
        parts.append(
            (lives, ELDER, np.full(len(lives), which + 1), age, np.full(len(lives), which))
        )
    columns = [
        np.concatenate([np.broadcast_to(np.asarray(part[i]), part[0].shape) for part in parts])
        for i in range(5)
    ]
    ranked = np.lexsort((columns[4], columns[1], columns[0]))[:count]
    household, role, sex, age, birth_order = (column[ranked] for column in columns)
    days = (age * _YEAR).astype(np.int64) + rng.integers(0, 365, len(age)) * (age > 1)
    return Members(
        household.astype(np.int64), role.astype(np.int64), sex.astype(np.int64), days,
        birth_order.astype(np.int64),
    )  # fmt: skip
