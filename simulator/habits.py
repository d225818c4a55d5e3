"""How each department writes its files: encoding, headers, order, date forms, notes around."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from catalog import ExtractContract, Form, catalog


@dataclass(frozen=True)
class Habit:
    """A department's way of writing one extract.

    Attributes:
        file_name: with `{date}` (eight digits) or `{issue}` (three digits, one for each night);
            `{workbook}` is xls on odd nights and xlsx on even ones.
        encoding: of a CSV; empty for a workbook.
        bom: bytes before the text.
        newline: between the lines of a CSV.
        quotes_all: whether every field stands in quotes.
        tail: text after the last line, such as Ctrl-Z.
        headers: other headers than the contract's first, by column.
        order: columns that stand first, the others follow in the contract's order.
        extra: header of a column that no contract knows, or None.
        date_form: how dates are written (`strftime`); `cell` and `serial` for workbooks.
        title: text of the merged line above the header of a workbook.
        total: whether a workbook ends with a total line and a note.
        control: whether a control file tells rows, hash and business date.
        minute: minutes after 20:00 at which the file arrives.
        is_jsonl: whether the file holds JSON lines.
        layers: of a layer, the kind of file (its suffix) and the EPSG code by business night.
        damage_only: a pattern of the keys whose rows may be damaged.
        form: name of the contract's form that the file has, or None.
        field_codes: whether the headers are field codes (the columns' names in capitals).
    """

    file_name: str
    minute: int
    encoding: str = ""
    bom: bytes = b""
    newline: str = "\n"
    quotes_all: bool = False
    tail: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    extra: str | None = None
    date_form: str | Literal["cell", "serial"] = "%Y-%m-%d"
    title: str | None = None
    total: bool = False
    control: bool = False
    is_jsonl: bool = False
    layers: dict[int, tuple[str, int]] = field(default_factory=dict)
    damage_only: str | None = None
    form: str | None = None
    field_codes: bool = False

    @property
    def is_workbook(self) -> bool:
        """Whether the file is an xlsx."""
        return not self.encoding and not self.layers

    @property
    def first_line(self) -> int:
        """The line (sheet row, feature) of the first record, counted from 1."""
        if self.is_jsonl or self.layers:
            return 1
        return 2 if self.title is None else 4

    def columns(self, contract: ExtractContract) -> list[str]:
        """Names of the contract's columns in the order of this file."""
        own = [c.name for c in contract.columns if c.only_in is None]
        if self.form is not None:
            own = list(self._form_of(contract).headers)
        rest = [name for name in own if name not in self.order]
        return [*self.order, *rest]

    def header(self, contract: ExtractContract) -> list[str]:
        """The header line, the unknown column included."""
        titles = {
            c.name: c.name.upper() if self.field_codes else c.headers[0] for c in contract.columns
        }
        if self.form is not None:
            titles = {n: told[0] for n, told in self._form_of(contract).headers.items()}
        own = [self.headers.get(n, titles[n]) for n in self.columns(contract)]
        return [*own, self.extra] if self.extra else own

    def _form_of(self, contract: ExtractContract) -> Form:
        return next(form for form in contract.forms if form.name == self.form)

    def name(self, day: date, night: int) -> str:
        """The file's name for a business date."""
        told = {
            "date": day.strftime("%Y%m%d"),
            "issue": f"{night:03d}",
            "workbook": "xls" if night % 2 else "xlsx",
            "suffix": self.layers.get(night, ("",))[0],
        }
        return self.file_name.format(**told)


HABITS: dict[str, Habit] = {
    "population/household_registration": Habit(
        "户籍人口_{date}.csv", 0, encoding="gb18030", newline="\r\n",
        headers={"resident_id": "身份证号", "registered_address": "户籍详细地址"},
    ),
    "population/residence_permit": Habit(
        "LDRK_{date}.csv", 1, encoding="gb18030", newline="\r\n", tail="\x1a",
        headers={"residence_address": "现住地址", "mobile": "联系电话"},
    ),
    "population/birth_certificate": Habit(
        "出生医学证明{issue}.csv", 2, encoding="utf-8", bom=b"\xef\xbb\xbf", newline="\r\n",
        order=("certificate_no", "mother_name", "mother_id_type", "mother_resident_id"),
        headers={"mother_resident_id": "母亲证件号码", "father_resident_id": "父亲证件号码"},
        control=True,
    ),
    "population/death_certificate": Habit(
        "swzm-{date}-01.csv", 3, encoding="utf-8", extra="备注", date_form="%Y/%m/%d",
        headers={"resident_id": "身份证号码"},
    ),
    "population/marriage_registration": Habit(
        "婚姻登记日报(第{issue}期).xlsx", 4, date_form="cell", title="铜川市婚姻登记情况日报表",
        total=True, control=True, headers={"husband_resident_id": "男方证件号码"},
    ),
    "population/cremation": Habit(
        "火化登记{date}.xlsx", 5, date_form="%Y年%m月%d日", title="铜川市殡葬管理所火化登记表",
        total=True, headers={"death_date": "死亡时间"},
    ),
    "legal_entity/enterprise_registration": Habit(
        "scjg_enterprise_{date}.csv", 6, encoding="utf-16-le", bom=b"\xff\xfe", newline="\r\n",
        quotes_all=True,
        headers={"uscc": "社会信用代码", "name": "企业名称", "address": "经营场所"},
        order=("entity_no", "name", "uscc"),
    ),
    "legal_entity/public_institution": Habit(
        "机关事业单位名册_{date}.xlsx", 7, date_form="serial", title="铜川市机关事业单位登记名册",
        total=True, headers={"legal_representative_name": "负责人"},
    ),
    "legal_entity/social_organisation": Habit(
        "社会组织名册{date}.xlsx", 8, date_form="%Y.%m.%d",
        headers={"name": "社会组织名称", "legal_representative_name": "法定代表人姓名"},
    ),
    "legal_entity/tax_registration": Habit(
        "swdj_week{issue}.csv", 9, encoding="utf-8", bom=b"\xef\xbb\xbf", date_form="%Y%m%d",
        headers={"taxpayer_id": "税号"}, control=True,
    ),
    "e_licence/licence": Habit(
        "dzzz_{date}.csv", 10, encoding="gb18030", newline="\r\n",
        headers={"issuer_name": "发证机关", "valid_to": "有效期止"},
    ),
    "geospatial/division": Habit(
        "统计用区划代码_{date}.csv", 10, encoding="utf-8", bom=b"\xef\xbb\xbf", newline="\r\n",
        headers={"division_code": "统计用区划代码"}, damage_only=r"^[0-9]{9}[0-9]*[1-9][0-9]*$",
    ),
    "geospatial/division_boundary": Habit(
        "行政区划界线_{date}.{suffix}", 11, layers={1: ("gpkg", 4490)},
        damage_only=r"^[0-9]{12}$",
    ),
    "geospatial/standard_address": Habit(
        "dmdz_{date}.csv", 12, encoding="gb18030", newline="\r\n",
        headers={"full_address": "地址全称"},
    ),
    "geospatial/land_parcel": Habit(
        "zd_{date}.{suffix}", 13, layers={1: ("geojson", 4545), 3: ("zip", 4524)},
        headers={"real_estate_unit_no": "BDCDYH", "land_use_code": "TDYT", "area_m2": "MJ",
                 "right_holder_name": "QLR", "right_holder_id": "ZJH", "right_nature": "QLXZ"},
    ),
    "macro_economy/monthly_bulletin": Habit("国民经济主要指标月报{date}.{workbook}", 10),
    "macro_economy/indicator_value": Habit(
        "zhibiao_{date}.csv", 11, encoding="gb18030", newline="\r\n", headers={"unit": "单位"},
    ),
    "macro_economy/fiscal_monthly": Habit(
        "财政收支月报_{date}.csv", 12, encoding="utf-8", bom=b"\xef\xbb\xbf",
        headers={"released_date": "发布时间"}, control=True,
    ),
    "environment/air_quality_hourly": Habit(
        "kqzl_{date}.csv", 13, encoding="gb18030", newline="\r\n",
        headers={"pm25": "PM2.5浓度", "pm10": "PM10浓度", "o3": "臭氧"},
    ),
    "environment/surface_water": Habit(
        "地表水监测月报{date}.xlsx", 14, title="铜川市地表水环境质量监测结果", total=True,
        headers={"river_name": "河流名称", "value_text": "监测结果"},
    ),
    "environment/emission_monitoring": Habit(
        "wry_{date}.csv", 15, encoding="utf-8", bom=b"\xef\xbb\xbf",
        headers={"uscc": "社会信用代码", "limit_value": "排放限值"}, control=True,
    ),
    "social_security/employer": Habit(
        "cbdw_{date}.csv", 16, encoding="gb18030", newline="\r\n",
        headers={"uscc": "社会信用代码", "employer_name": "参保单位名称"},
    ),
    "social_security/insured_person": Habit(
        "cbry_{date}.csv", 17, encoding="utf-8", bom=b"\xef\xbb\xbf", newline="\r\n",
        headers={"resident_id": "身份证号"}, control=True,
    ),
    "social_security/contribution": Habit(
        "jfmx_{date}.csv", 18, encoding="gb18030", newline="\r\n",
        headers={"resident_id": "公民身份号码"},
    ),
    "social_security/benefit_payment": Habit(
        "待遇发放_{date}.xlsx", 19, title="铜川市社会保险待遇发放明细", total=True,
    ),
    # 双公示: any department delivers; a book for each that does
    "credit/administrative_permit@market_regulation": Habit(
        "xzxk_scjg_{date}.csv", 16, encoding="gb18030", newline="\r\n", date_form="%Y/%m/%d",
        field_codes=True,
    ),
    "credit/administrative_permit@land_resources": Habit(
        "xzxk_gtzy_{date}.csv", 17, encoding="utf-8", bom=b"\xef\xbb\xbf",
        date_form="%Y/%m/%d", form="sgs2015",
    ),
    "credit/administrative_penalty@environment": Habit(
        "行政处罚公示{date}.xlsx", 18, date_form="%Y/%m/%d", title="铜川市环境保护局行政处罚公示表",
        total=True,
    ),
    "credit/administrative_penalty@tax": Habit(
        "xzcf_sw_{date}.csv", 19, encoding="gb18030", date_form="%Y/%m/%d", form="sgs2015",
        control=True,
    ),
    "credit/dishonest_judgment_debtor": Habit(
        "sxbzxr_{date}.csv", 20, encoding="utf-8", newline="\r\n",
    ),
}  # fmt: skip
# Files of every other night, the first among them, when a department changes between two forms.
_ODD_NIGHTS: dict[str, Habit] = {
    "e_licence/licence": Habit(
        "dzzz_{date}.jsonl", 10, encoding="utf-8", is_jsonl=True,
        headers={"licence_no": "证照号码"},
    ),
}  # fmt: skip


def extract_of(book: str) -> str:
    """The extract of a book: its own name, before the department where several deliver it."""
    return book.partition("@")[0]


def book_of(extract: str, provider: str) -> str:
    """The book in which a department keeps an extract."""
    return extract if extract in HABITS else f"{extract}@{provider}"


def provider_of(book: str) -> str:
    """The department that writes a book (`<extract>@<department>` where several deliver one)."""
    return book.partition("@")[2] or catalog().extracts[book].provider


def habit_of(extract: str) -> tuple[ExtractContract, Habit]:
    """The contract of an extract (a book) and the habit of its provider."""
    return catalog().extracts[extract_of(extract)], HABITS[extract]


def habit_on(extract: str, night: int) -> tuple[ExtractContract, Habit]:
    """The contract of an extract and how its provider writes the file of one business night."""
    contract, habit = habit_of(extract)
    return contract, _ODD_NIGHTS.get(extract, habit) if night % 2 else habit
