"""The offsets of Chinese internet maps: GCJ-02 (高德, 腾讯) and BD-09 (百度).

Neither is a datum: a known smooth function moves every point by 100 to 700 m. The functions are not
official; these are the formulas in general use (the 2010 reconstruction of the GCJ-02 polynomial,
and Baidu's published second shift). The way back is found by iteration, far below a metre.

Longitudes and latitudes are arrays in degrees; CGCS2000 and WGS-84 agree within decimetres and are
not told apart here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Krassowsky's ellipsoid, as the formula has it.
_AXIS, _ECCENTRICITY2 = 6378245.0, 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0
# Each round shrinks the error about a hundredfold.
_ROUNDS = 8


def to_gcj02(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """WGS-84 → GCJ-02."""
    x, y = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(latitude)
    magic = 1.0 - _ECCENTRICITY2 * np.sin(radians) ** 2
    meridian = _AXIS * (1.0 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel = _AXIS / np.sqrt(magic) * np.cos(radians)
    return longitude + np.degrees(east / parallel), latitude + np.degrees(north / meridian)


def from_gcj02(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 → WGS-84."""
    x, y = longitude, latitude
    for _ in range(_ROUNDS):
        moved_x, moved_y = to_gcj02(x, y)
        x, y = x + (longitude - moved_x), y + (latitude - moved_y)
    return x, y


def to_bd09(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """WGS-84 → BD-09."""
    return _baidu(*to_gcj02(longitude, latitude))


def from_bd09(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """BD-09 → WGS-84."""
    x, y = longitude - 0.0065, latitude - 0.006
    for _ in range(_ROUNDS):
        moved_x, moved_y = _baidu(x, y)
        x, y = x + (longitude - moved_x), y + (latitude - moved_y)
    return from_gcj02(x, y)


def _baidu(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 → BD-09."""
    distance = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * _BAIDU_PI)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BAIDU_PI)
    return distance * np.cos(angle) + 0.0065, distance * np.sin(angle) + 0.006
