"""A zipped shapefile: its parts, its encoding, its own counts; GDAL reads the rest (`layers`).

ESRI's description (1998): `.shx` holds eight bytes a record after a header of 100; dBASE III holds
records of fixed width whose first byte marks deletion, and names of at most ten bytes.
"""

from __future__ import annotations

import codecs
import io
import struct
import zipfile
from pathlib import PurePosixPath

import numpy as np

from catalog import ExtractContract
from ingest import systems
from ingest.decode import is_utf8, to_utf8
from ingest.layers import from_gdal
from ingest.refusal import Refusal
from ingest.table import Table

_NEEDED = (".shp", ".shx", ".dbf")
_PARTS = frozenset(
    {*_NEEDED, ".prj", ".cpg", ".cst", ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".xml", ".fix",
     ".idx", ".atx", ".ain", ".aih", ".fbn", ".fbx"}
)  # fmt: skip
_MAGIC = (9994).to_bytes(4, "big")
_DAMAGED = "R-GEO-23"
_NAME_BYTES = 10
_HEADER_BYTES = 100
_ENCODINGS = {"UTF-8": "utf-8", "UTF8": "utf-8", "65001": "utf-8", "GBK": "gb18030",
              "GB2312": "gb18030", "GB18030": "gb18030", "936": "gb18030", "CP936": "gb18030",
              "ANSI 936": "gb18030", "OEM 936": "gb18030", "54936": "gb18030"}  # fmt: skip


def is_shapefile(names: list[str]) -> bool:
    """Whether a zip with these entries holds a shapefile."""
    return any(PurePosixPath(name).suffix.lower() in _NEEDED for name in names)


def read_shapefile(parts: dict[str, bytes], contract: ExtractContract) -> Table:
    """Read a shapefile from the entries of its zip.

    Raises:
        Refusal: it is not whole, not alone, damaged, of an unknown system or encoding, or its
            parts hold different numbers of records.
    """
    found = _sort(parts)
    shx, dbf = found[".shx"], found[".dbf"]
    for suffix in (".shp", ".shx"):
        _check_header(suffix, found[suffix])
    if ".prj" not in found:
        raise Refusal("R-GEO-21", "shapefile 没有 .prj 文件")
    system = systems.of_wkt(found[".prj"].decode("utf-8", "ignore"))
    records, width, start = _shape_of(dbf)
    if (len(shx) - _HEADER_BYTES) // 8 != records:
        raise Refusal("R-FILE-13", "图形与属性的记录数不一致")
    encoding = _encoding(found.get(".cpg"), dbf, start)
    table = np.frombuffer(dbf, dtype=np.uint8, count=records * width, offset=start)
    is_deleted = table.reshape(records, width)[:, 0] == ord("*")
    done = from_gdal(
        _pack(found, start), contract, records - int(is_deleted.sum()), f"SRID={system};", encoding,
        encoding="UTF-8" if encoding == "utf-8" else "GB18030",
    )  # fmt: skip
    names = [_decoded(name, encoding) for name in _field_names(dbf, start)]
    if len(names) != len(done.headers) - 1:
        raise Refusal(_DAMAGED, "属性表（.dbf）的字段无法读取")
    headers = (*_full_names(names, contract, encoding), done.headers[-1])
    return Table(headers, done.cells, done.lines, (), 0, done.read, encoding)


def _sort(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Contents by suffix, of the one shapefile."""
    found: dict[str, bytes] = {}
    stems = set()
    for name, content in parts.items():
        path = PurePosixPath(name.replace("\\", "/"))
        suffix = path.suffix.lower()
        if suffix not in _PARTS:
            raise Refusal("R-FILE-07", f"压缩包内除 shapefile 外还有其他文件（{suffix[:10]}）")
        if suffix in _NEEDED:
            stems.add(str(path.with_suffix("")).lower())
        if suffix in found and suffix != ".xml":
            raise Refusal("R-GEO-22", "压缩包内有多个图层")
        found[suffix] = content
    if len(stems) != 1:
        raise Refusal("R-GEO-22", f"压缩包内有 {len(stems)} 个图层，应当只有一个")
    if missing := [s for s in _NEEDED if s not in found]:
        raise Refusal("R-GEO-26", "shapefile 缺少 " + "、".join(missing))
    return found


def _check_header(suffix: str, content: bytes) -> None:
    """The magic number, and the length that the header tells (in words of two bytes)."""
    if not content.startswith(_MAGIC) or len(content) < _HEADER_BYTES:
        raise Refusal(_DAMAGED, f"{suffix} 的内容不是 shapefile")
    if int.from_bytes(content[24:28], "big") * 2 != len(content):
        raise Refusal(_DAMAGED, f"{suffix} 不完整")


def _shape_of(dbf: bytes) -> tuple[int, int, int]:
    """Number of records, bytes of each, and where the first begins."""
    try:
        records, start, width = struct.unpack_from("<IHH", dbf, 4)
    except struct.error:
        raise Refusal(_DAMAGED, "属性表（.dbf）损坏") from None
    if width < 1 or len(dbf) < start + records * width:
        raise Refusal(_DAMAGED, "属性表（.dbf）不完整")
    return int(records), int(width), int(start)


def _encoding(cpg: bytes | None, dbf: bytes, start: int) -> str:
    """`utf-8` or `gb18030`: what the .cpg says, else what the bytes are; the bytes must agree."""
    records = dbf[start:]
    if cpg is not None and (told := cpg.decode("ascii", "ignore").strip().upper()):
        if dbf[32:].isascii():
            return "utf-8"
        if told not in _ENCODINGS:
            raise Refusal("R-ENC-01", f".cpg 所写的编码“{told[:20]}”不被接受")
        if _ENCODINGS[told] == "utf-8" and not is_utf8(records):
            raise Refusal("R-ENC-01", ".cpg 写明 UTF-8，属性表却不是")
        if _ENCODINGS[told] == "gb18030":
            _must_be_gb18030(records)
        return _ENCODINGS[told]
    if records.isascii():  # only names can tell
        names = _field_names(dbf, start)
        return "utf-8" if all(_decoded(name, "utf-8") for name in names) else "gb18030"
    _, encoding = to_utf8(records)
    if encoding not in ("utf-8", "gb18030"):
        raise Refusal("R-ENC-01", "属性表的编码无法识别")
    return encoding


def _must_be_gb18030(records: bytes) -> None:
    try:
        records.decode("gb18030")
    except UnicodeDecodeError:
        raise Refusal("R-ENC-01", ".cpg 写明 GBK，属性表却不是") from None


def _field_names(dbf: bytes, start: int) -> list[bytes]:
    """Names of the fields as they stand: descriptors of 32 bytes from the 33rd on."""
    table = dbf[32 : start - 1]
    return [table[i : i + 11].split(b"\0")[0] for i in range(0, len(table) - 31, 32)]


def _decoded(name: bytes, encoding: str) -> str:
    """A name, without the part of a character that dBASE left of it; empty if it is no text."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(name)
    except UnicodeDecodeError:
        return ""


def _full_names(names: list[str], contract: ExtractContract, encoding: str) -> tuple[str, ...]:
    """Names that dBASE cut off, as the contract has them where only one column can be meant."""
    whole = {h for c in contract.columns for h in (*c.headers, c.name)}
    by_cut: dict[str, set[str]] = {}
    for column in contract.columns:
        for header in (*column.headers, column.name):
            cut = _decoded(header.encode(encoding)[:_NAME_BYTES], encoding)
            by_cut.setdefault(cut.lower(), set()).add(column.title_cn)
    result = []
    for name in names:
        meant = by_cut.get(name.lower(), set())
        is_cut = name not in whole and len(meant) == 1
        result.append(next(iter(meant)) if is_cut else name)
    return tuple(result)


def _pack(found: dict[str, bytes], start: int) -> bytes:
    """The parts that GDAL needs, under names of ours; fields too, which may be no text."""
    dbf = bytearray(found[".dbf"])
    for number, at in enumerate(range(32, start - 32, 32)):
        dbf[at : at + 11] = f"f{number}".encode().ljust(11, b"\0")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for suffix in _NEEDED:
            archive.writestr(f"layer{suffix}", dbf if suffix == ".dbf" else found[suffix])
    return packed.getvalue()
