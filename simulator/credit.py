"""What departments decide and disclose (双公示), and the court's list of debtors.

Late disclosures are planted: more than seven working days between decision and delivery. Beside
them stand decisions that came on the seventh working day exactly, which are none. One permit is
withdrawn on the third night. The debtors of the list change: one leaves it on the third night, one
leaves on the second and comes back on the fourth. What contradicts the register is planted by
`credit_contradictions`.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from chinese_calendar import is_workday  # type: ignore[import-untyped]  # carries no types

from catalog import catalog
from simulator import numbers
from simulator.arrays import Ints, ints
from simulator.books import extract_schema
from simulator.credit_contradictions import (
    contradicting,
    decided,
    misnamed_debtor,
    public_until,
    standing,
)
from simulator.habits import extract_of, habit_of, provider_of
from simulator.randomness import choose, sample, stream
from simulator.town import Town

PERMIT, PENALTY = "credit/administrative_permit", "credit/administrative_penalty"
DEBTOR = "credit/dishonest_judgment_debtor"
LIMIT = 7
# book → rows of a night, sign of its document numbers, name and number of the body
_BOOKS = {
    f"{PERMIT}@market_regulation": (9, "铜工商许", "铜川市工商行政管理局", 1),
    f"{PERMIT}@land_resources": (4, "铜国土许", "铜川市国土资源局", 2),
    f"{PENALTY}@environment": (6, "铜环罚", "铜川市环境保护局", 3),
    f"{PENALTY}@tax": (4, "铜国税罚", "铜川市国家税务局", 4),
}  # fmt: skip
_FORMS = (
    "{}〔{}〕{}号",
    "{}[{}]{}号",
    "{}（{}）{}号",
    "{}【{}】 {}号",
    "{}［{}］{}号",
    "{}({}){}号",
)
# of ten rows of a department: working days until they are delivered
_DELAYS = (0, 1, LIMIT, 3, 8, LIMIT, 5, 12, 2, LIMIT)
_FINES = ("罚款", "警告;罚款", "罚款;没收违法所得、没收非法财物", "警告", "责令停产停业；罚款")
_CONDUCT = "有履行能力而拒不履行生效法律文书确定义务"
_DEBTORS = 20
_WITHDRAWN_ON = 3


def decide(town: Town) -> None:
    """Write the books of every night, and what is true of them."""
    told = []
    for book, (size, sign, body, number) in _BOOKS.items():
        code = _body_code(number)
        for night in range(1, town.books.nights + 1):
            parties = _parties(town, book, night, size)
            rows, truth = _decisions(town, book, night, parties, (sign, body, code))
            town.books.add(book, rows, night=night)
            told.append(truth)
    town.disclosures = _withdraw(town, pl.concat(told))
    _list_debtors(town)


def decided_on(reached: date, working_days: int) -> date:
    """The last day from which so many working days lead to `reached` (its own day not counted)."""
    day, left = reached, working_days
    while left:
        left -= is_workday(day)
        day -= timedelta(days=1)
    return day


def _body_code(number: int) -> str:
    """The social credit code of a deciding body."""
    body = numbers.organisation_bodies(ints([30_000_000 + number]), np.zeros(1, dtype=np.bool_))
    codes = numbers.usccs(pl.Series(["11"]), ints([610200]), numbers.organisation_codes(body))
    return str(codes[0])


def _parties(town: Town, book: str, night: int, size: int) -> pl.DataFrame:
    """Firms, self-employed, a person, one with the placeholder code; and contradicting ones."""
    rng = stream(town.seed, f"parties {book}", night)
    firms = standing(town, night).filter(pl.col("uscc").str.contains("^9[123]"))
    chosen = firms[sample(rng, ints(np.arange(firms.height)), size - 2)]
    residents = town.people.filter(pl.col("resident_id").str.len_chars() == 18)
    person = residents[int(rng.integers(0, town.residents // 2))]
    entities = chosen.select(
        party="name",
        kind=pl.when(pl.col("uscc").str.starts_with("92"))
        .then(pl.lit("个体工商户"))
        .otherwise(pl.lit("法人及非法人组织")),
        code="uscc",
        head=pl.coalesce("legal_representative_name", pl.lit("不详者")),
        number=pl.lit(None, dtype=pl.String),
    )
    planted = contradicting(town, book, night).with_columns(kind=pl.lit("法人及非法人组织"))
    others = pl.DataFrame(
        {
            "party": [person["name"][0], f"王益区无证小吃店{night}号"],
            "kind": ["自然人", "个体工商户"],
            "code": [None, "0" * 17 + "X"],
            "head": [None, None],
            "number": [person["resident_id"][0], None],
        },
        schema=entities.schema,
    )
    return pl.concat([entities, others, planted], how="diagonal")


def _decisions(
    town: Town, book: str, night: int, parties: pl.DataFrame, body: tuple[str, str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One decision about each party; what is true of it beside."""
    rng = stream(town.seed, f"decisions {book}", night)
    sign, title, code = body
    reached = town.books.day(night)
    shift = int(rng.integers(0, len(_DELAYS)))
    rules = parties["rule_id"].to_list()
    delays = [0 if r else _DELAYS[(n + shift) % len(_DELAYS)] for n, r in enumerate(rules)]
    days = [
        decided(rule, decided_on(reached, delay), reached)
        for rule, delay in zip(rules, delays, strict=True)
    ]
    serial = town.next_numbers(f"documents {book}", parties.height)
    forms = rng.integers(0, len(_FORMS), parties.height)
    documents = [
        _FORMS[form].format(sign, day.year, number)
        for form, day, number in zip(forms, days, serial, strict=True)
    ]
    told = parties.with_columns(
        document=pl.Series(documents),
        decided=pl.Series(days),
        body=pl.lit(title),
        body_code=pl.lit(code),
    )
    is_permit = extract_of(book) == PERMIT
    rows = _permits(rng, told) if is_permit else _penalties(rng, told)
    contract, habit = habit_of(book)
    lacking = set(rows.columns) - set(habit.columns(contract))
    rows = rows.with_columns(pl.lit(None, dtype=rows.schema[n]).alias(n) for n in lacking)
    names = extract_schema(catalog().extracts[extract_of(book)])
    rows = rows.select(n for n in names if n in rows.columns)
    prefix = "xk" if is_permit else "cf"
    key = [f"{prefix}_wsh", f"{prefix}_xdr_mc", f"{prefix}_{'xkjgdm' if is_permit else 'cfjgdm'}"]
    truth = rows.select(
        extract=pl.lit(extract_of(book)),
        provider=pl.lit(provider_of(book)),
        record_key=pl.concat_str([pl.col(n).fill_null("") for n in key], separator="|"),
        document_no=pl.Series(
            [f"{sign}〔{d.year}〕{n}号" for d, n in zip(days, serial, strict=True)]
        ),
        counterparty_name=pl.col(key[1]),
        decision_date=pl.Series(days),
        working_days=pl.Series(
            [n if d <= reached else None for n, d in zip(delays, days, strict=True)], dtype=pl.Int64
        ),
        is_late=pl.Series(delays) > LIMIT,
        is_person=parties["kind"] == "自然人",
        rule_id=parties["rule_id"],
        eid=parties["eid"],
        night=pl.lit(night, dtype=pl.Int64),
    )
    return rows, truth


def _permits(rng: np.random.Generator, told: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns of both formats; each department writes those of its own."""
    size = told.height
    return told.select(
        **_party_columns("xk"),
        xk_wsh="document",
        xk_xkws=pl.lit("准予行政许可决定书"),
        xk_xmmc=pl.lit("准予行政许可决定"),
        xk_xklb=choose(rng, ["普通", "核准", "登记", "其他-备案"], size),
        xk_nr=pl.lit("准予从事所申请的生产经营活动"),
        xk_jdrq="decided",
        xk_yxqz="decided",
        xk_yxqzi=pl.Series([date(2099, 12, 31)] * size),
        xk_xkjg="body",
        xk_xkjgdm="body_code",
        xk_zt=pl.lit("1"),
        xk_zt_2015=pl.lit("0"),
        xk_lydw="body",
        xk_lydwdm="body_code",
    )


def _penalties(rng: np.random.Generator, told: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns of both formats; a fine has its amount in 万元."""
    size = told.height
    kinds = choose(rng, list(_FINES), size)
    amount = pl.Series(rng.integers(1, 400, size)).cast(pl.String)
    fine = pl.when(kinds.str.contains("罚款")).then("0." + amount.str.zfill(4)).otherwise(None)
    taken = pl.when(kinds.str.contains("没收")).then("0." + amount.str.zfill(3)).otherwise(None)
    return told.select(
        **_party_columns("cf"),
        cf_wsh="document",
        cf_wfxw=pl.lit("违反管理规定"),
        cf_cfmc=pl.lit("违反管理规定案"),
        cf_sy=pl.lit("未按规定办理有关手续"),
        cf_yj=pl.lit("有关法律法规"),
        cf_cflb=kinds,
        cf_nr=pl.lit("依法予以处罚"),
        cf_nr_fk=fine,
        cf_nr_wfff=taken,
        cf_jdrq="decided",
        cf_yxq=pl.Series([date(2099, 12, 31)] * size),
        cf_gsjzq=pl.Series(
            [public_until(rule, day) for rule, day in told.select("rule_id", "decided").rows()],
            dtype=pl.Date,
        ),
        cf_cfjg="body",
        cf_cfjgdm="body_code",
        cf_zt_2015=pl.lit("0"),
        cf_sjly="body",
        cf_sjlydm="body_code",
    )


def _party_columns(prefix: str) -> dict[str, pl.Expr]:
    is_person = pl.col("kind") == "自然人"
    return {
        f"{prefix}_xdr_mc": pl.col("party"),
        f"{prefix}_xdr_lb": pl.col("kind"),
        f"{prefix}_xdr_shxym": pl.col("code"),
        f"{prefix}_frdb": pl.when(pl.col("kind") == "法人及非法人组织").then("head"),
        f"{prefix}_xdr_zjlx": pl.when(is_person).then(pl.lit("身份证")),
        f"{prefix}_xdr_zjhm": pl.col("number"),
    }


def _withdraw(town: Town, told: pl.DataFrame) -> pl.DataFrame:
    """The first permit of the first night is told again on the third, as no longer valid."""
    book = f"{PERMIT}@market_regulation"
    rows = town.books.table(book)
    first = rows.filter(pl.col("_night") == 1).head(1)
    withdrawn = told.with_columns(withdrawn_night=pl.lit(None, dtype=pl.Int64))
    if town.books.nights < _WITHDRAWN_ON:
        return withdrawn
    town.books.add(book, first.with_columns(xk_zt=pl.lit("2")), night=_WITHDRAWN_ON)
    key = first.select(pl.concat_str("xk_wsh", "xk_xdr_mc", "xk_xkjgdm", separator="|")).item()
    return withdrawn.with_columns(
        withdrawn_night=pl.when(pl.col("record_key") == key).then(_WITHDRAWN_ON)
    )


def _list_debtors(town: Town) -> None:
    """The court's whole list of every night."""
    rng = stream(town.seed, "debtors")
    firms = standing(town, 1).filter(pl.col("uscc").str.starts_with("91"))
    chosen = firms[sample(rng, ints(np.arange(firms.height)), _DEBTORS // 3)]
    persons = town.people[sample(rng, ints(np.arange(town.residents)), _DEBTORS - chosen.height)]
    misnamed = misnamed_debtor(town)
    number = pl.col("resident_id")
    masked = number.str.head(10) + "****" + number.str.tail(4)
    debtors = pl.concat(
        [
            chosen.select(debtor_name="name", debtor_id="uscc",
                          legal_representative_name="legal_representative_name",
                          debtor_kind=pl.lit("法人或其他组织")),
            misnamed.select(debtor_name="party", debtor_id="code",
                            legal_representative_name="head",
                            debtor_kind=pl.lit("法人或其他组织")),
            persons.select(debtor_name="name", debtor_id=masked,
                           legal_representative_name=pl.lit(None, dtype=pl.String),
                           debtor_kind=pl.lit("自然人")),
        ]
    )  # fmt: skip
    size = debtors.height
    filed = town.day_before(1, ints(rng.integers(60, 900, size)))
    serial: Ints = np.arange(1, size + 1)
    table = debtors.with_columns(
        case_no=pl.Series([f"（2017）陕02执{n}号" for n in serial]),
        court_name=pl.lit("铜川市中级人民法院"),
        basis_no=pl.Series([f"（2016）陕02民初{n}号" for n in serial]),
        filed_date=pl.Series(filed).cast(pl.Date),
        published_date=pl.Series(filed + np.timedelta64(40, "D")).cast(pl.Date),
        performance=choose(rng, ["全部未履行", "部分未履行"], size),
        conduct=pl.lit(_CONDUCT),
    )
    spans = _listings(size)
    misnamed_at = [bool(misnamed.height) and n == chosen.height for n in range(size)]
    for night in range(1, town.books.nights + 1):
        on_list = [n for n, first, end in spans if first <= night and (end is None or night < end)]
        town.books.add(DEBTOR, table[on_list], night=night)
    town.debtors = pl.DataFrame(
        spans,
        schema={"_at": pl.Int64, "first_night": pl.Int64, "end_night": pl.Int64},
        orient="row",
    ).select(
        extract=pl.lit(DEBTOR),
        record_key=(table["case_no"] + "|" + table["debtor_name"]).gather([n for n, *_ in spans]),
        case_no=table["case_no"].gather([n for n, *_ in spans]),
        is_misnamed=pl.Series(misnamed_at).gather([n for n, *_ in spans]),
        eid=pl.lit(misnamed["eid"].item() if misnamed.height else -1, dtype=pl.Int64),
        first_night="first_night",
        end_night="end_night",
    )


def _listings(size: int) -> list[tuple[int, int, int | None]]:
    """Debtor, first night on the list, first night no longer on it."""
    odd: list[tuple[int, int, int | None]] = [(0, 1, 3), (1, 2, None), (2, 1, 2), (2, 4, None)]
    return odd + [(n, 1, None) for n in range(3, size)]
