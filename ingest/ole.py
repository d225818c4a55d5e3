"""Compound files ([MS-CFB]): the container of .xls workbooks, read within bounds.

The workbook reader follows every chain of sectors without counting and reserves what a header says
it needs: a file whose chains run in circles would end the process. So each chain of the file is
walked here first, and a file that does not fit its own header goes no further.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _LARGEST = 0xFFFFFFFE, 0xFFFFFFFA
_ENTRY = 128
_HEADER_DIFAT = 109
_MOST_ENTRIES = 4096
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class UnreadableError(ValueError):
    """The container contradicts itself."""


@dataclass(frozen=True)
class _Header:
    sector: int
    cutoff: int
    directory: int
    mini: int
    difat: int
    fat_sectors: int


def streams(raw: bytes) -> dict[str, bytes]:
    """Every stream by its name; of two of one name the first.

    Raises:
        UnreadableError: no compound file, or one whose chains do not end.
    """
    header = _header(raw)
    fat = _fat(raw, header)
    directory = _read(raw, header, fat, header.directory, None)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    if not entries or len(entries) > _MOST_ENTRIES or entries[0][66] != _ROOT:
        raise UnreadableError
    mini_fat = _numbers(_read(raw, header, fat, header.mini, None))
    mini = _read(raw, header, fat, *_place(entries[0], len(raw)))
    found: dict[str, bytes] = {}
    for entry in entries[1:]:
        if entry[66] != _STREAM:
            continue
        length = struct.unpack_from("<H", entry, 64)[0]
        start, size = _place(entry, len(raw))
        if size >= header.cutoff:
            content = _read(raw, header, fat, start, size)
        else:
            content = _chained(mini, 64, 0, mini_fat, start, size)
        found.setdefault(entry[: max(length - 2, 0)].decode("utf-16-le", "replace"), content)
    return found


def _header(raw: bytes) -> _Header:
    if len(raw) < 512 or not raw.startswith(MAGIC):
        raise UnreadableError
    major, shift, mini_shift = struct.unpack_from("<H2xHH", raw, 26)
    directory_sectors, fat_sectors, directory = struct.unpack_from("<3I", raw, 40)
    cutoff, mini, mini_sectors, difat, difat_sectors = struct.unpack_from("<5I", raw, 56)
    if (major, shift) not in ((3, 9), (4, 12)) or mini_shift != 6:
        raise UnreadableError
    told = (directory_sectors, fat_sectors, mini_sectors, difat_sectors)
    if max(told) > len(raw) >> shift:  # more sectors than the file has room for
        raise UnreadableError
    return _Header(1 << shift, cutoff, directory, mini, difat, fat_sectors)


def _place(entry: bytes, limit: int) -> tuple[int, int]:
    start, size = struct.unpack_from("<IQ", entry, 116)
    size &= 0xFFFFFFFF
    if size > limit:
        raise UnreadableError
    return start, size


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _fat(raw: bytes, header: _Header) -> tuple[int, ...]:
    places = list(_numbers(raw[76 : 76 + 4 * _HEADER_DIFAT]))
    following, seen = header.difat, 0
    while following < _LARGEST:
        seen += 1
        more = _numbers(_sector(raw, header.sector, following, header.sector))
        if seen > len(raw) // header.sector:
            raise UnreadableError
        places += more[:-1]
        following = more[-1]
    used = [place for place in places if place < _LARGEST]
    if len(used) > len(raw) // header.sector:
        raise UnreadableError
    return _numbers(b"".join(_sector(raw, header.sector, p, header.sector) for p in used))


def _sector(content: bytes, size: int, number: int, offset: int) -> bytes:
    at = offset + number * size
    if at >= len(content):
        raise UnreadableError
    return content[at : at + size].ljust(size, b"\0")


def _read(raw: bytes, header: _Header, fat: tuple[int, ...], start: int, size: int | None) -> bytes:
    return _chained(raw, header.sector, header.sector, fat, start, size)


def _chained(
    content: bytes, sector: int, offset: int, table: tuple[int, ...], start: int, size: int | None
) -> bytes:
    """The sectors of a chain, which must end; with `size`, as many bytes."""
    if size == 0:
        return b""
    parts: list[bytes] = []
    number = start
    while number < _LARGEST:
        if len(parts) > len(table) or number >= len(table):
            raise UnreadableError
        parts.append(_sector(content, sector, number, offset))
        number = table[number]
    if parts and number != _END:
        raise UnreadableError
    joined = b"".join(parts)
    if size is not None and len(joined) < size:
        raise UnreadableError
    return joined if size is None else joined[:size]
