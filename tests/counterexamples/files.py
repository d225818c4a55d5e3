"""Counterexamples of whole files: R-FILE, R-CTL, R-ENC, R-COL, R-NAME."""

from __future__ import annotations

import io
import json
import zipfile

from tests.counterexamples.case import Case, refused
from tests.unit.ingest.ingest_world import (
    HOUSEHOLD,
    City,
    csv_bytes,
    csv_text,
    row,
    rows,
    sheet_of,
    xlsx_bytes,
)
from tests.unit.ingest.xls_world import contained, older, with_record, xls_book

OLD_BOOK = xls_book(sheet_of(HOUSEHOLD, rows(HOUSEHOLD, 2))).get_biff_data()
GOOD = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def with_flag(content: bytes) -> bytes:
    """The same zip with the flag "encrypted" in both of its headers."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def row_twice() -> bytes:
    """A workbook in which two rows claim the same number: one of them would be lost."""
    book = xlsx_bytes(sheet_of(HOUSEHOLD, rows(HOUSEHOLD, 2)))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'<row r="3"', b'<row r="2"')
                content = content.replace(b'r="A3"', b'r="A2"').replace(b'r="L3"', b'r="L2"')
                for letter in b"BCDEFGHIJK":
                    content = content.replace(b'r="%c3"' % letter, b'r="%c2"' % letter)
            new.writestr(name, content)
    return out.getvalue()


def too_large(city: City) -> bytes:
    """A file beyond a limit that the test lowers to one kilobyte."""
    return csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 20))


def control(**told: object) -> bytes:
    """A control file."""
    return json.dumps(told).encode()


def with_column(title: str, *, count: int = 1, given: str = "") -> bytes:
    """The good file with further columns of one title."""
    lines = GOOD.decode().splitlines()
    text = "\n".join(
        one + "".join("," + (title if i == 0 else given) for _ in range(count))
        for i, one in enumerate(lines)
    )
    return text.encode()


def without(column: str) -> bytes:
    """The good file without one column."""
    some = [{k: v for k, v in one.items() if k != column} for one in rows(HOUSEHOLD, 2)]
    return csv_bytes(HOUSEHOLD, some)


CASES = [
    refused("R-FILE-01", "no-bytes", b""),
    refused("R-FILE-01", "only-blank-lines", b"\r\n \r\n\n"),
    refused("R-FILE-02", "unknown-folder", GOOD, extract="population/passport",
            provider="public_security"),
    refused("R-FILE-03", "other-department", GOOD, provider="health"),
    refused("R-FILE-04", "a-letter", b"hello", file="data_20180331.docx"),
    refused("R-FILE-04", "workbook-called-csv",
            xlsx_bytes(sheet_of(HOUSEHOLD, rows(HOUSEHOLD, 1)))),
    refused("R-FILE-04", "zip-in-a-zip", zipped(("b.zip", zipped(("a.csv", GOOD)))),
            file="data_20180331.zip"),
    refused("R-FILE-05", "no-workbook", GOOD, file="data_20180331.xlsx"),
    refused("R-FILE-05", "truncated",
            xlsx_bytes(sheet_of(HOUSEHOLD, rows(HOUSEHOLD, 9)))[:-200], file="data_20180331.xlsx"),
    refused("R-FILE-06", "workbook-with-password",
            OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 64, file="data_20180331.xlsx"),
    refused("R-FILE-06", "zip-with-password", with_flag(zipped(("a.csv", GOOD))),
            file="data_20180331.zip"),
    refused("R-FILE-07", "two-files", zipped(("a.csv", GOOD), ("b.csv", GOOD)),
            file="data_20180331.zip"),
    refused("R-FILE-07", "no-file", zipped(), file="data_20180331.zip"),
    refused("R-FILE-08", "bomb", lambda _city: zipped(("a.csv", b"0" * (65 << 20))),
            file="data_20180331.zip"),
    refused("R-FILE-09", "parent-folder", zipped(("../a.csv", GOOD)), file="data_20180331.zip"),
    refused("R-FILE-09", "absolute", zipped(("/etc/a.csv", GOOD)), file="data_20180331.zip"),
    refused("R-FILE-10", "too-large", too_large),
    refused("R-FILE-05", "xls-of-zeros", OLE, file="data_20180331.xls"),
    refused("R-FILE-06", "xls-with-password", contained(with_record(OLD_BOOK, 0x2F, b"\0" * 6)),
            file="data_20180331.xls"),
    refused("R-FILE-11", "excel-95", older(contained(OLD_BOOK)), file="data_20180331.xls"),
    refused("R-FILE-11", "excel-95-called-xlsx", older(contained(OLD_BOOK)),
            file="data_20180331.xlsx"),
    refused("R-FILE-12", "bare-returns", GOOD.replace(b"\n", b"\r")),
    refused("R-FILE-13", "two-rows-of-one-number", row_twice(), file="data_20180331.xlsx"),
    refused("R-FILE-14", "truncated-zip", zipped(("a.csv", GOOD))[:-30], file="data_20180331.zip"),
    refused("R-CTL-01", "no-json", GOOD, control=b"rows=2"),
    refused("R-CTL-01", "rows-is-a-text", GOOD, control=control(rows="2")),
    refused("R-CTL-01", "short-checksum", GOOD, control=control(sha256="abc")),
    refused("R-CTL-02", "rows", GOOD, 2, control=control(rows=3)),
    refused("R-CTL-03", "checksum", GOOD, control=control(sha256="0" * 64)),
    refused("R-CTL-04", "no-date", GOOD, control=control(business_date="2018-02-30")),
    refused("R-ENC-01", "neither", GOOD.decode().encode("gb18030") + b"\xff\xff\xff\n"),
    refused("R-ENC-01", "half-utf16", b"\xff\xfe" + GOOD.decode().encode("utf-16-le")[:-1]),
    refused("R-ENC-02", "two-in-one", GOOD + "P9,铜川市王益区七一路,\n".encode("gb18030")),
    refused("R-ENC-02", "marked-utf8", b"\xef\xbb\xbf" + GOOD.decode().encode("gb18030")),
    Case("R-ENC-03", "private-use",
         lambda _c: csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, registered_address="王益区\ue123路")]),
         (1, 1, 0, 0), rules=(("R-ENC-03", "warn", "registered_address", 1),)),
    refused("R-COL-01", "no-header", b"1,2,3\n4,5,6\n"),
    refused("R-COL-02", "required-column", without("household_no"), 2),
    Case("R-COL-03", "optional-column", lambda _c: GOOD, (2, 2, 0, 0), rules=tuple(
        ("R-COL-03", "warn", name, 2) for name in (
            "birthplace_division_code", "education_code", "employer_name", "former_name",
            "household_relation_code", "household_type", "marital_status_code", "status_date"))),
    Case("R-COL-04", "unknown-column", lambda _c: with_column("血型"), (2, 2, 0, 0),
         rules=(("R-COL-04", "warn", "血型", 2),)),
    refused("R-COL-05", "header-twice", with_column("身份证号"), 2),
    refused("R-COL-05", "unknown-header-twice", with_column("血型", count=2), 2),
    Case("R-NAME-01", "two-dates", lambda _c: GOOD, (2, 2, 0, 0),
         rules=(("R-NAME-01", "warn", "", 2),), file="data_20180331_20180401.csv"),
    Case("R-NAME-02", "from-the-future", lambda _c: GOOD, (2, 2, 0, 0),
         rules=(("R-NAME-02", "warn", "", 2),), file="data_20990101.csv"),
]  # fmt: skip

assert csv_text(HOUSEHOLD, rows(HOUSEHOLD, 2)).encode() == GOOD
