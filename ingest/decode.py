"""Bytes to UTF-8, strictly: a byte-order mark, then UTF-8, then GB18030; never "replace".

GB18030 decodes nearly anything, so UTF-8 is tried first, and a file that came out as GB18030 is
searched for lines that are UTF-8 (domain reference §6.2).
"""

from __future__ import annotations

import codecs
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa

from ingest.refusal import Refusal

_PIECE = 1 << 16  # and what it becomes stays in a core's cache


def to_utf8(data: bytes) -> tuple[bytes, str]:
    """Decode strictly; returns UTF-8 bytes without a byte-order mark, and the encoding's name.

    Raises:
        Refusal: the bytes fit no allowed encoding, or two of them.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _checked_utf8(data[3:], "utf-8-sig"), "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode(), "utf-16"
        except UnicodeDecodeError as error:
            raise Refusal("R-ENC-01", f"第 {error.start} 字节处不是有效的 UTF-16") from None
    if is_utf8(data):
        return data, "utf-8"
    with ThreadPoolExecutor(1) as pool:
        mixed = pool.submit(_has_utf8_line, data)
        decoded, wrong_at = _from_gb18030(data)
    if wrong_at is not None:
        line = data.count(b"\n", 0, max(wrong_at, _first_bad_byte(data))) + 1
        if mixed.result():
            raise Refusal("R-ENC-02", f"混用了 UTF-8 与其他编码（约第 {line} 行）")
        raise Refusal("R-ENC-01", f"第 {line} 行既不是 UTF-8 也不是 GB18030")
    if mixed.result():
        line = data.count(b"\n", 0, _first_bad_byte(data)) + 1
        raise Refusal("R-ENC-02", f"混用了 UTF-8 与 GB18030（第 {line} 行附近）")
    return decoded, "gb18030"


def _from_gb18030(data: bytes) -> tuple[bytes, int | None]:
    """As UTF-8, and where the first byte stands that fits nothing.

    In pieces that end with a line (no character of GB18030 has a line break in it): text as wide
    as a whole file is not held, the same memory serves every piece, and other threads get their
    turn.
    """
    decoded = io.BytesIO()
    at = 0
    while at < len(data):
        end = data.find(b"\n", at + _PIECE) + 1 or len(data)
        try:
            decoded.write(data[at:end].decode("gb18030").encode())
        except UnicodeDecodeError as error:
            return b"", at + error.start
        at = end
    return decoded.getvalue(), None


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8; Arrow validates without making a string (3 times faster)."""
    offsets = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    cell = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        cell.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _first_bad_byte(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _checked_utf8(data: bytes, name: str) -> bytes:
    if not is_utf8(data):
        line = data.count(b"\n", 0, _first_bad_byte(data)) + 1
        raise Refusal("R-ENC-02", f"文件标明 {name}，但第 {line} 行不是有效的 UTF-8")
    return data


def _has_utf8_line(data: bytes) -> bool:
    """Whether some line is Chinese text in UTF-8.

    Looks for two three-byte characters in a row, which in GB18030 text means a rare lead byte
    exactly where UTF-8 has one; only lines with such a run are decoded.
    """
    size = len(data)
    buffer = np.frombuffer(data, dtype=np.uint8)
    step = 1 << 18
    for start in range(0, size, step):
        block = buffer[start : start + step + 6]
        if len(block) < 6:
            break
        lead = (block >= 0xE4) & (block <= 0xE9)
        spots = np.flatnonzero(lead[:-5])
        if not len(spots):
            continue
        cont = (block >= 0x80) & (block <= 0xBF)
        hits = spots[
            cont[spots + 1] & cont[spots + 2] & lead[spots + 3] & cont[spots + 4] & cont[spots + 5]
        ]
        last = -1
        for hit in hits.tolist():
            begin = data.rfind(b"\n", 0, start + hit) + 1
            if begin == last:
                continue
            last = begin
            end = data.find(b"\n", start + hit)
            line = data[begin : end if end >= 0 else size]
            if is_utf8(line):
                return True
    return False
