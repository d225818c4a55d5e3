"""From a file in the archive to the bytes of one table: kinds of files, zips, limits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath

from catalog import ExtractContract
from ingest.bulletin import read_bulletin
from ingest.clean import Context
from ingest.csvfile import read_csv
from ingest.ole import MAGIC as OLE_MAGIC
from ingest.refusal import Refusal
from ingest.sheet import UNREADABLE_ZIP, read_workbook
from ingest.table import Table

MAX_FILE_BYTES = 4 << 30
MAX_UNPACKED_BYTES = 4 << 30
MAX_ZIP_RATIO = 200  # text of registrations compresses 5 to 30 times
_RATIO_FROM = 64 << 20
_NOT_YET = {"jsonl", "geojson", "gpkg"}


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
    if suffix not in contract.formats or suffix in _NOT_YET or (in_zip and suffix == "zip"):
        allowed = "、".join(f".{f}" for f in contract.formats)
        raise Refusal("R-FILE-04", f"不接受的文件类型“.{suffix[:10]}”，可用：{allowed}")
    if suffix in ("xlsx", "xls"):
        if contract.layout == "bulletin":
            assert context is not None
            return read_bulletin(raw, contract, MAX_UNPACKED_BYTES, context)
        return read_workbook(raw, contract, MAX_UNPACKED_BYTES)
    if suffix == "zip":
        inner_name, inner = _unzip(raw)
        return _read(inner_name, inner, contract, context, in_zip=True)
    if raw.startswith((OLE_MAGIC, b"PK\x03\x04")):
        raise Refusal("R-FILE-04", "扩展名是文本，内容却是工作簿或压缩包")
    return read_csv(raw, contract)


def _unzip(raw: bytes) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            for entry in entries:
                parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
                if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
                    raise Refusal("R-FILE-09", "压缩包内的路径指向包外")
            files = [e for e in entries if not e.is_dir()]
            if len(files) != 1:
                raise Refusal("R-FILE-07", f"压缩包内有 {len(files)} 个文件，应当只有一个")
            entry = files[0]
            if entry.flag_bits & 1:
                raise Refusal("R-FILE-06", "压缩包有密码保护")
            ratio = entry.file_size / max(entry.compress_size, 1)
            if entry.file_size > MAX_UNPACKED_BYTES or (
                entry.file_size > _RATIO_FROM and ratio > MAX_ZIP_RATIO
            ):
                raise Refusal("R-FILE-08", "压缩包解压后的大小异常")
            with archive.open(entry) as stream:
                content = stream.read(entry.file_size + 1)
            if len(content) != entry.file_size:
                raise Refusal("R-FILE-08", "压缩包内声明的大小与实际不符")
            return entry.filename, content
    except (*UNREADABLE_ZIP, RuntimeError):
        raise Refusal("R-FILE-14", "压缩包损坏，无法读取") from None
