"""A data root of its own for a test: drop files, take them, read what came back."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from catalog import Catalog, ExtractContract, catalog
from foundation.paths import DataRoot
from ingest.service import Taking, take_inbox
from ledger import DeliveryRecord, Ledger

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HOUSEHOLD = "population/household_registration"
PERMIT = "population/residence_permit"
BIRTH = "population/birth_certificate"
DEATH = "population/death_certificate"
CREMATION = "population/cremation"
MARRIAGE = "population/marriage_registration"
ENTERPRISE = "legal_entity/enterprise_registration"
INSTITUTION = "legal_entity/public_institution"
SOCIAL = "legal_entity/social_organisation"
TAX = "legal_entity/tax_registration"
DIVISION = "geospatial/division"
BOUNDARY = "geospatial/division_boundary"
ADDRESS = "geospatial/standard_address"
PARCEL = "geospatial/land_parcel"
LICENCE = "e_licence/licence"
_LICENCE_TYPE = "11100000000013338W011"


def resident_number(division: str = "610203", born: str = "19800101", order: str = "001") -> str:
    """An 18-character number with its check character, by the plain formula of the standard."""
    body = division + born + order
    total = sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def organisation_code(body: str) -> str:
    """A 9-character organisation code from its first eight characters."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(body, weights, strict=True))
    return body + "0123456789X0"[(11 - total % 11) % 11]


def uscc(prefix: str = "91", division: str = "610203", organisation: str | None = None) -> str:
    """An 18-character unified social credit code with both check characters."""
    body = prefix + division + (organisation or organisation_code("71234567"))
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


def registration_number(body: str = "61020310000001") -> str:
    """A 15-digit business registration number from its first fourteen digits (MOD 11,10)."""
    state = 10
    for digit in body:
        state = (state + int(digit)) % 10 or 10
        state = state * 2 % 11
    return body + str((11 - state) % 10)


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,36 by its plain formula."""
    product = 36
    for character in body:
        product = ((product + _LETTERS.index(character)) % 36 or 36) * 2 % 37
    return _LETTERS[(37 - product) % 36]


def identifier(serial: str = "000001", version: str = "001") -> str:
    """A licence identifier with its check character."""
    parts = (_LICENCE_TYPE, uscc("11"), serial, version)
    return ".".join(("1.2.156.3005.2", *parts, check_character("".join(parts))))


_PERSON = resident_number()
_WOMAN = resident_number(born="19820202", order="002")
# A thousandth of a degree each way: 10 121 m².
_SQUARE = (
    "SRID=4490;POLYGON ((109.08 35.05, 109.081 35.05, 109.081 35.051, 109.08 35.051, 109.08 35.05))"
)
_GOOD: dict[str, dict[str, str]] = {
    HOUSEHOLD: {
        "person_no": "P{n:04d}", "resident_id": _PERSON, "name": "王小明", "sex_code": "1",
        "ethnic_code": "01", "birth_date": "1980-01-01", "household_no": "H1",
        "registered_address": "王益区七一路1号", "registered_division_code": "610203",
        "registration_status": "正常", "updated_at": "2018-03-30 10:00:00", "operation": "I",
    },
    PERMIT: {
        "registration_no": "J{n:04d}", "resident_id": _PERSON, "name": "王小明", "sex_code": "1",
        "residence_address": "耀州区2号", "residence_division_code": "610204",
        "registered_date": "2018-01-01", "status": "有效", "updated_at": "2018-03-30 10:00:00",
        "operation": "I",
    },
    BIRTH: {
        "certificate_no": "A{n:09d}", "sex_code": "1", "born_at": "2018-03-01 08:00:00",
        "mother_name": "李梅", "mother_resident_id": _WOMAN, "institution_name": "市妇幼",
        "issued_date": "2018-03-02",
    },
    DEATH: {
        "certificate_no": "D{n:04d}", "resident_id": _PERSON, "name": "王小明", "sex_code": "1",
        "death_date": "2018-03-01", "institution_name": "市医院", "issued_date": "2018-03-02",
    },
    CREMATION: {
        "cremation_no": "C{n:04d}", "name": "王小明", "resident_id": _PERSON, "sex_code": "1",
        "death_date": "2018-03-01", "cremated_date": "2018-03-03", "institution_name": "殡仪馆",
    },
    MARRIAGE: {
        "registration_no": "M{n:04d}", "registration_type": "结婚", "husband_name": "王小明",
        "husband_resident_id": _PERSON, "wife_name": "李梅", "wife_resident_id": _WOMAN,
        "registered_date": "2018-03-01", "registry_name": "王益区民政局",
    },
    ENTERPRISE: {
        "entity_no": "E{n:04d}", "uscc": uscc(), "name": "铜川某某有限公司",
        "entity_type_code": "1100", "legal_representative_name": "王小明",
        "established_date": "2010-01-01", "address": "王益区3号", "division_code": "610202",
        "registry_name": "铜川市工商局", "registration_status_code": "1",
        "updated_at": "2018-03-30 10:00:00", "operation": "I",
    },
    INSTITUTION: {
        "uscc": "{uscc12}", "name": "铜川市第{n}中学", "institution_kind": "事业单位",
        "address": "王益区4号", "division_code": "610202", "status": "正常",
    },
    SOCIAL: {
        "uscc": "{uscc51}", "name": "铜川市第{n}协会", "organisation_kind": "社会团体",
        "legal_representative_name": "王小明", "address": "王益区5号", "division_code": "610202",
        "established_date": "2010-01-01", "status": "正常",
    },
    TAX: {
        "taxpayer_id": "{uscc91}", "taxpayer_name": "铜川某某有限公司",
        "registered_date": "2010-01-01", "tax_office_name": "王益区税务局",
        "taxpayer_status": "正常", "updated_at": "2018-03-30 10:00:00", "operation": "I",
    },
    DIVISION: {
        "division_code": "61020200{n}000", "name": "第{n}街道", "level": "乡镇街道",
        "parent_code": "", "urban_rural_code": "111",
    },
    BOUNDARY: {
        "division_code": "61020200{n}", "name": "第{n}街道", "geometry": _SQUARE,
    },
    ADDRESS: {
        "address_code": "A{n:04d}", "full_address": "铜川市王益区七一路{n}号",
        "division_code": "610202001001", "street": "七一路", "house_number": "{n}号",
        "longitude": "109.08", "latitude": "35.05", "coordinate_system": "CGCS2000",
        "status": "在用", "updated_at": "2018-03-30 10:00:00", "operation": "I",
    },
    PARCEL: {
        "real_estate_unit_no": "610202001001GB{n:05d}F00010001", "land_use_code": "0701",
        "area_m2": "10121.42", "right_holder_name": "王小明", "right_holder_id": _PERSON,
        "right_nature": "出让", "geometry": _SQUARE,
    },
    LICENCE: {
        "licence_identifier": "{licence}", "licence_name": "机动车驾驶证",
        "licence_type_code": _LICENCE_TYPE, "licence_no": "JZ{n}", "issuer_name": "市交警支队",
        "issuer_uscc": uscc("11"), "holder_name": "王小明", "holder_code": _PERSON,
        "holder_code_type": "111", "issued_date": "2018-01-02", "valid_from": "2018-01-02",
        "valid_to": "2024-01-02", "status_code": "01", "previous_identifier": "",
        "updated_at": "2018-03-30 10:00:00", "operation": "I",
    },
    "macro_economy/indicator_value": {
        "indicator_code": "GDP", "indicator_name": "地区生产总值", "division_code": "610200",
        "period": "201{n}Q1", "value_kind": "累计", "measure": "总量", "value": "85.3",
        "unit": "亿元", "released_date": "2018-04-20",
    },
    "macro_economy/fiscal_monthly": {
        "budget_item_code": "10{n}", "budget_item_name": "税收收入", "flow": "收入",
        "division_code": "610200", "period": "2018-03", "current_amount": "5",
        "cumulative_amount": "15", "released_date": "2018-04-10",
    },
    "environment/air_quality_hourly": {
        "station_code": "A{n}", "station_name": "某站", "observed_at": "2018-03-29 0{n}:00",
        "pm25": "30", "pm10": "60", "so2": "10", "no2": "20", "co": "0.8", "o3": "90",
    },
    "environment/surface_water": {
        "section_code": "S{n}", "section_name": "某断面", "river_name": "漆水河",
        "observed_month": "2018-02", "item_name": "氨氮", "value_text": "0.5", "unit": "mg/L",
        "target_class": "Ⅲ",
    },
    "environment/emission_monitoring": {
        "uscc": "{uscc91}", "entity_name": "某厂", "outlet_code": "O{n}", "factor_code": "w01018",
        "observed_date": "2018-03-29", "concentration": "40", "limit_value": "50", "flow": "100",
        "device_status": "正常",
    },
    "social_security/employer": {
        "employer_no": "D{n}", "employer_name": "某公司", "uscc": "{uscc91}",
        "organisation_code": "D2143569-X", "employer_kind": "企业", "division_code": "610202",
        "employer_status": "参保", "updated_at": "2018-03-30 10:00:00", "operation": "I",
    },
    "social_security/insured_person": {
        "enrolment_no": "C{n}", "person_no": "G{n}", "name": "王小明", "resident_id": _PERSON,
        "insurance_type_code": "110", "employer_no": "D1", "employer_name": "某公司",
        "employer_uscc": "{uscc91}", "enrolment_status_code": "1", "start_month": "201501",
        "end_month": "", "division_code": "610202", "updated_at": "2018-03-30 10:00:00",
        "operation": "I",
    },
    "social_security/contribution": {
        "payment_no": "J{n}", "enrolment_no": "C{n}", "resident_id": _PERSON,
        "insurance_type_code": "110", "employer_no": "D1", "due_month": "201802",
        "covered_month": "201802", "contribution_base": "3000", "employer_due": "600",
        "personal_due": "240", "received": "1", "received_month": "201802",
    },
    "social_security/benefit_payment": {
        "payment_no": "F{n}", "resident_id": _PERSON, "name": "王小明",
        "insurance_type_code": "110", "benefit_item": "基本养老金", "paid_month": "201802",
        "transaction_kind": "正常发放", "amount": "1800.50", "division_code": "610202",
    },
    "credit/administrative_permit": {
        "xk_xdr_mc": "铜川某某有限公司", "xk_xdr_lb": "法人及非法人组织",
        "xk_xdr_shxym": "{uscc91}",
        "xk_frdb": "王小明", "xk_xkws": "决定书", "xk_wsh": "许〔2018〕{n}号", "xk_xklb": "普通",
        "xk_nr": "准予许可", "xk_jdrq": "2018/03/26", "xk_yxqz": "2018/03/26",
        "xk_yxqzi": "2099/12/31", "xk_xkjg": "某局", "xk_xkjgdm": "{uscc12}", "xk_zt": "1",
        "xk_lydw": "某局", "xk_lydwdm": "{uscc12}",
    },
    "credit/administrative_penalty": {
        "cf_xdr_mc": "铜川某某有限公司", "cf_xdr_lb": "法人及非法人组织",
        "cf_xdr_shxym": "{uscc91}",
        "cf_frdb": "王小明", "cf_wsh": "罚〔2018〕{n}号", "cf_wfxw": "违规", "cf_sy": "事实",
        "cf_yj": "依据", "cf_cflb": "罚款", "cf_nr": "罚款", "cf_nr_fk": "0.5",
        "cf_jdrq": "2018/03/26", "cf_yxq": "2099/12/31", "cf_cfjg": "某局",
        "cf_cfjgdm": "{uscc12}", "cf_sjly": "某局", "cf_sjlydm": "{uscc12}",
    },
    "credit/dishonest_judgment_debtor": {
        "case_no": "（2018）陕02执{n}号", "debtor_name": "王小明",
        "debtor_id": "6102031980****0011",
        "debtor_kind": "自然人", "court_name": "某法院", "basis_no": "（2017）陕02民初{n}号",
        "filed_date": "2018-01-02", "published_date": "2018-02-01", "performance": "全部未履行",
        "conduct": "拒不履行",
    },
    "macro_economy/monthly_bulletin": {
        "division_code": "610200", "period": "2018-0{n}", "released_date": "2018-03-20",
        "indicator_name": "地区生产总值", "unit": "亿元", "cumulative_value": "85.3",
    },
}  # fmt: skip


def row(extract: str, n: int = 1, **changed: str) -> dict[str, str]:
    """A row that every rule of the extract accepts; `n` gives it a key of its own."""
    codes = {
        f"uscc{p}": uscc(p, organisation=organisation_code(f"7{n:07d}")) for p in ("12", "51", "91")
    }
    codes["licence"] = identifier(f"{n:06d}")
    told = {name: text.format(n=n, **codes) for name, text in _GOOD[extract].items()}
    return {**told, **changed}


def rows(extract: str, count: int, first: int = 1) -> list[dict[str, str]]:
    """Good rows with keys of their own."""
    return [row(extract, n) for n in range(first, first + count)]


def titles(extract: str, names: Iterable[str], known: Catalog | None = None) -> list[str]:
    """Chinese headers of columns; a name that the contract does not have stands for itself."""
    by_name = (known or catalog()).extracts[extract].by_name
    return [by_name[n].title_cn if n in by_name else n for n in names]


def names_of(some: Iterable[Mapping[str, str]]) -> list[str]:
    """Every column name in the order of first use."""
    return list(dict.fromkeys(name for one in some for name in one))


def csv_text(
    extract: str, some: list[dict[str, str]], *, known: Catalog | None = None, **style: Any
) -> str:
    """The rows as a delimited file with Chinese headers."""
    names = names_of(some)
    out = io.StringIO()
    writer = csv.writer(out, **{"lineterminator": "\n", **style})
    writer.writerow(titles(extract, names, known))
    writer.writerows([one.get(n, "") for n in names] for one in some)
    return out.getvalue()


def csv_bytes(extract: str, some: list[dict[str, str]], **style: Any) -> bytes:
    """As `csv_text`, in UTF-8."""
    return csv_text(extract, some, **style).encode()


def header_only(extract: str) -> bytes:
    """A file with the header line of the good rows and nothing else."""
    return csv_bytes(extract, [row(extract)]).split(b"\n")[0] + b"\n"


def xlsx_bytes(*sheets: list[list[Any]], hidden: tuple[int, ...] = ()) -> bytes:
    """A workbook; texts are written as texts, numbers as numbers, formulas begin with `=`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for position, cells in enumerate(sheets):
        sheet = book.add_worksheet()
        if position in hidden:
            sheet.hide()
        for r, line in enumerate(cells):
            for c, value in enumerate(line):
                if value is None:
                    continue
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(r, c, value, None, "#REF!")
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif hasattr(value, "year"):
                    sheet.write_datetime(r, c, value, day)
                else:
                    sheet.write_number(r, c, value)
    book.close()
    return out.getvalue()


def xlsx_of(extract: str, some: list[dict[str, str]]) -> bytes:
    """The rows as a workbook of texts."""
    return xlsx_bytes(sheet_of(extract, some))


def sheet_of(extract: str, some: list[dict[str, str]]) -> list[list[Any]]:
    """Header and rows as cells."""
    names = names_of(some)
    return [titles(extract, names), *[[one.get(n) for n in names] for one in some]]


@lru_cache(maxsize=1)
def _empty_ledger() -> bytes:
    """A migrated ledger, made once: copying it is a hundred times faster."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        Ledger(f"sqlite:///{path}")
        return path.read_bytes()


@dataclass
class City:
    """One data root with its ledger."""

    root: DataRoot
    ledger: Ledger
    catalog: Catalog

    @classmethod
    def at(cls, folder: Path, known: Catalog | None = None) -> City:
        """A city in an empty folder."""
        root = DataRoot(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ledger.sqlite").write_bytes(_empty_ledger())
        return cls(root, Ledger.open(root), known or catalog())

    def contract(self, extract: str) -> ExtractContract:
        """A contract by its id."""
        return self.catalog.extracts[extract]

    def folder(self, extract: str, provider: str | None = None) -> Path:
        """The inbox folder of an extract."""
        owner = provider or self.catalog.extracts[extract].provider
        folder = self.root.inbox / owner / extract
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def drop(
        self,
        extract: str,
        content: bytes,
        name: str = "data_20180331.csv",
        *,
        control: bytes | None = None,
        provider: str | None = None,
    ) -> Path:
        """Put a file (and its control file) into the inbox."""
        path = self.folder(extract, provider) / name
        path.write_bytes(content)
        if control is not None:
            path.with_name(name + ".ok.json").write_bytes(control)
        return path

    def take(self) -> Taking:
        """Take what waits; nothing may fail."""
        taking = take_inbox(self.root, self.ledger, self.catalog, settle_seconds=0)
        assert taking.failed == ()
        return taking

    def deliver(
        self, extract: str, content: bytes, name: str = "data_20180331.csv", **told: Any
    ) -> DeliveryRecord:
        """Drop one file and take it."""
        self.drop(extract, content, name, **told)
        (record,) = self.take().deliveries
        return record

    def receipt_folder(self, record: DeliveryRecord) -> Path:
        """Where the answer lies."""
        return self.root.receipts / record.provider / record.extract / record.receipt_id

    def receipt(self, record: DeliveryRecord) -> dict[str, Any]:
        """receipt.json."""
        text = (self.receipt_folder(record) / "receipt.json").read_text(encoding="utf-8")
        told: dict[str, Any] = json.loads(text)
        return told

    def returned(self, record: DeliveryRecord) -> list[dict[str, str]]:
        """The rows of 退回明细 as the department sees them."""
        path = self.receipt_folder(record) / "退回明细.xlsx"
        if not path.exists():
            return []
        return sheet_rows(path.read_bytes())

    def accepted(self, record: DeliveryRecord) -> pl.DataFrame:
        """The accepted rows of one delivery, in file order."""
        path = self.root.raw / record.extract / f"{record.receipt_id}.parquet"
        return pl.read_parquet(path).sort("line")


def sheet_rows(content: bytes) -> list[dict[str, str]]:
    """The first sheet as a list of rows by header."""
    import fastexcel

    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string")
    lines = [[cell or "" for cell in line] for line in sheet.to_polars().iter_rows()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
