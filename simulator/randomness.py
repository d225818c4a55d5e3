"""Seeded streams, one for each topic.

No stream is shared: what one topic draws never moves what another draws, so a night's files do
not depend on how many nights are simulated after it.
"""

from __future__ import annotations

import zlib

import numpy as np
import polars as pl

from simulator.arrays import Floats, Ints


def stream(seed: int, topic: str, *numbers: int) -> np.random.Generator:
    """A PCG64 generator that depends on the seed, the topic and the numbers only."""
    words = [seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF, zlib.crc32(topic.encode()), *numbers]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def weighted(rng: np.random.Generator, weights: list[float] | Floats, size: int) -> Ints:
    """Indices drawn with the given weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right").astype(np.int64)


def choose(rng: np.random.Generator, values: list[str], size: int) -> pl.Series:
    """Texts drawn with equal chance."""
    return pl.Series(values, dtype=pl.String).gather(rng.integers(0, len(values), size))


def sample(rng: np.random.Generator, pool: Ints, size: int) -> Ints:
    """At most `size` different members of the pool, sorted."""
    if size >= len(pool):
        return np.sort(pool)
    return np.sort(rng.choice(pool, size=max(size, 0), replace=False))
