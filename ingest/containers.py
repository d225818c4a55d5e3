"""From a file in the archive to the bytes of one table: kinds of files, zips, limits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath

from catalog import ExtractContract
from ingest import shapefile
from ingest.bulletin import read_bulletin
from ingest.clean import Context
from ingest.csvfile import read_csv
from ingest.geojson import read_geojson
from ingest.headers import RETURN_LINE, RETURN_RECEIPT
from ingest.jsonl import read_jsonl
from ingest.layers import read_geopackage
from ingest.ole import MAGIC as OLE_MAGIC
from ingest.refusal import Refusal
from ingest.sheet import read_workbook
from ingest.table import Table
from ingest.xlsxml import UNREADABLE_ZIP

MAX_FILE_BYTES = 4 << 30
MAX_UNPACKED_BYTES = 4 << 30
MAX_ZIP_RATIO = 200  # text of registrations compresses 5 to 30 times
_RATIO_FROM = 64 << 20
# Geometry takes ten times its bytes in memory, and no layer of a city is this large.
MAX_GEOMETRY_BYTES = 512 << 20
_GEOMETRY = ("geojson", "gpkg")
# A corrected 退回明细 of a layer comes as it went out.
_RETURNS = ("xlsx", "csv")


def read_table(path: Path, contract: ExtractContract, context: Context | None = None) -> Table:
    """Read one delivered file into a table.

    Args:
        path: the file.
        contract: of its extract.
        context: what a layout is found with (names of indicators, the business date).

    Raises:
        Refusal: its kind is not accepted here, it is too large, or it cannot be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise Refusal("R-FILE-10", f"文件超过 {MAX_FILE_BYTES >> 30} GB")
    return _read(path.name, path.read_bytes(), contract, context)


def _read(
    name: str, raw: bytes, contract: ExtractContract, context: Context | None, in_zip: bool = False
) -> Table:
    if not raw:
        raise Refusal("R-FILE-01", "文件为 0 字节")
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    is_layer = any(column.type == "geometry" for column in contract.columns)
    if is_layer and suffix in _RETURNS and not in_zip:
        return _only_a_return(_read_sheet(suffix, raw, contract, context), suffix, contract)
    if suffix not in contract.formats or (in_zip and suffix == "zip"):
        raise _not_accepted(suffix, contract)
    if suffix in _GEOMETRY:
        return _read_geometry(suffix, raw, contract)
    if suffix == "zip":
        entries = _unzip(raw, is_layer)
        if len(entries) > 1 or shapefile.is_shapefile(list(entries)):
            return shapefile.read_shapefile(entries, contract)
        ((inner_name, inner),) = entries.items()
        return _read(inner_name, inner, contract, context, in_zip=True)
    return _read_sheet(suffix, raw, contract, context)


def _read_sheet(
    suffix: str, raw: bytes, contract: ExtractContract, context: Context | None
) -> Table:
    if suffix in ("xlsx", "xls"):
        if contract.layout == "bulletin":
            assert context is not None
            return read_bulletin(raw, contract, MAX_UNPACKED_BYTES, context)
        return read_workbook(raw, contract, MAX_UNPACKED_BYTES)
    if raw.startswith((OLE_MAGIC, b"PK\x03\x04")):
        raise Refusal("R-FILE-04", "扩展名是文本，内容却是工作簿或压缩包")
    return read_jsonl(raw, contract) if suffix == "jsonl" else read_csv(raw, contract)


def _not_accepted(suffix: str, contract: ExtractContract) -> Refusal:
    allowed = "、".join(f".{f}" for f in contract.formats)
    return Refusal("R-FILE-04", f"不接受的文件类型“.{suffix[:10]}”，可用：{allowed}")


def _only_a_return(table: Table, suffix: str, contract: ExtractContract) -> Table:
    if not {RETURN_RECEIPT, RETURN_LINE} <= {header.strip() for header in table.headers}:
        raise _not_accepted(suffix, contract)
    return table


def _read_geometry(suffix: str, raw: bytes, contract: ExtractContract) -> Table:
    if len(raw) > MAX_GEOMETRY_BYTES:
        raise Refusal("R-GEO-24", f"空间数据文件超过 {MAX_GEOMETRY_BYTES >> 20} MB")
    return (read_geojson if suffix == "geojson" else read_geopackage)(raw, contract)


def _unzip(raw: bytes, is_layer: bool) -> dict[str, bytes]:
    """The entries of a zip by name: one file, or the parts of a shapefile."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            for entry in entries:
                parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
                if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
                    raise Refusal("R-FILE-09", "压缩包内的路径指向包外")
            files = [e for e in entries if not e.is_dir()]
            is_shape = is_layer and shapefile.is_shapefile([e.filename for e in files])
            if len(files) != 1 and not is_shape:
                raise Refusal("R-FILE-07", f"压缩包内有 {len(files)} 个文件，应当只有一个")
            limit = MAX_GEOMETRY_BYTES if is_layer else MAX_UNPACKED_BYTES
            if sum(e.file_size for e in files) > limit:
                raise Refusal("R-FILE-08", "压缩包解压后的大小异常")
            return {entry.filename: _unpack(archive, entry) for entry in files}
    except (*UNREADABLE_ZIP, RuntimeError):
        raise Refusal("R-FILE-14", "压缩包损坏，无法读取") from None


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 1:
        raise Refusal("R-FILE-06", "压缩包有密码保护")
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > _RATIO_FROM and ratio > MAX_ZIP_RATIO:
        raise Refusal("R-FILE-08", "压缩包解压后的大小异常")
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise Refusal("R-FILE-08", "压缩包内声明的大小与实际不符")
    return content
