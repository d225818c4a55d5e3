"""Public institutions and social organisations, delivered as monthly full lists."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import numbers, places
from simulator.arrays import Ints, dates, ints
from simulator.randomness import choose, stream, weighted
from simulator.town import Town

PUBLIC = "legal_entity/public_institution"
SOCIAL = "legal_entity/social_organisation"
FIRST_PUBLIC, FIRST_SOCIAL = 10_000_000, 20_000_000
_PUBLIC = [("机关", "11", 20), ("事业单位", "12", 72), ("群众团体", "13", 8)]
_SOCIAL = [("社会团体", "51", 50), ("民办非企业单位", "52", 48), ("基金会", "53", 2)]
_OFFICES = ["财政局", "教育局", "水务局", "农业局", "林业局", "审计局", "统计局", "人民法院"]
_SCHOOLS = [
    "第一小学",
    "中心幼儿园",
    "初级中学",
    "卫生院",
    "文化馆",
    "图书馆",
    "农技推广站",
    "水库管理处",
]
_GROUPS = ["总工会", "妇女联合会", "残疾人联合会", "科学技术协会"]
_CLUBS = ["书法家协会", "苹果产业协会", "陶瓷文化研究会", "老年体育协会", "志愿者协会", "慈善协会"]
_PRIVATE = ["蓝天幼儿园", "职业培训学校", "康复中心", "养老服务中心", "青少年活动中心"]
_FUNDS = ["教育发展基金会", "扶贫基金会"]


def _codes(prefix: pl.Series, index: Ints, county: Ints) -> pl.Series:
    body = numbers.organisation_bodies(index, np.zeros(len(index), dtype=np.bool_))
    return numbers.usccs(prefix, county, numbers.organisation_codes(body))


def _common(
    town: Town, rng: np.random.Generator, kinds: list[tuple[str, str, int]],
    words: list[list[str]], *, first: int, size: int,
) -> pl.DataFrame:  # fmt: skip
    kind = weighted(rng, [float(k[2]) for k in kinds], size)
    place = places.addresses(rng, places.villages().draw(rng, size))
    prefix = pl.Series([k[1] for k in kinds], dtype=pl.String).gather(kind)
    index = np.arange(first, first + size)
    names = [choose(rng, list(word), size) for word in words]
    frame = pl.DataFrame({"town": place["area"], "kind": kind,
                          "a": names[0], "b": names[1], "c": names[2]})  # fmt: skip
    word = pl.when(pl.col("kind") == 0).then("a").when(pl.col("kind") == 1).then("b").otherwise("c")
    serial = pl.Series(index % 10_000 + 1).cast(pl.String)
    people = np.flatnonzero((town.age >= 28) & (town.age <= 60))
    since = town.day_before(1, rng.integers(400, 12_000, size))
    return pl.DataFrame(
        {
            "_eid": index,
            "uscc": _codes(prefix, index, ints(place["county"].to_numpy())),
            "name": frame.select(pl.lit("铜川市") + pl.col("town") + word)["literal"]
            + "(" + serial + ")",
            "kind": pl.Series([k[0] for k in kinds], dtype=pl.String).gather(kind),
            "legal_representative_name": town.text_of(
                people[rng.integers(0, len(people), size)], "name"
            ),
            "funds": pl.Series(rng.integers(1, 400, size)).cast(pl.String),
            "address": place["address"],
            "division_code": place["division_code"].str.head(6),
            "established_date": dates(since),
            "certificate_from": dates(town.day_before(1, rng.integers(30, 900, size))),
            "status": pl.Series(["正常"] * size, dtype=pl.String),
        }
    )  # fmt: skip


def _lists(town: Town, extract: str, table: pl.DataFrame, extra: pl.DataFrame) -> None:
    """The whole list on list nights: a new body, a name gone, a body struck off since."""
    town.books.add(extract, table, night=1)
    for order, night in enumerate(list_nights(town.books.nights)[1:]):
        rest = table.slice(1 + order)
        struck = pl.Series(np.arange(rest.height) < 1 + order)
        rest = rest.with_columns(
            status=pl.when(struck).then(pl.lit("注销")).otherwise("status"),
            legal_representative_name=pl.when(struck.reverse())
            .then(pl.lit("王建国")).otherwise("legal_representative_name"),
        )  # fmt: skip
        town.books.add(extract, pl.concat([rest, extra[: 2 + order]]), night=night)


def list_nights(nights: int) -> list[int]:
    """Nights on which the monthly lists are delivered: the first, the third, then each month."""
    return [night for night in range(1, nights + 1) if night == 1 or night % 30 == 3]


def public_institutions(town: Town) -> pl.DataFrame:
    """Write the lists of public institutions; return those of the first list."""
    rng = stream(town.seed, "public")
    size, spare = max(36, town.count // 700), 40
    words = [_OFFICES, _SCHOOLS, _GROUPS]
    table = _common(town, rng, _PUBLIC, words, first=FIRST_PUBLIC, size=size + spare).with_columns(
        institution_kind=pl.col("kind"),
        sponsor_name=choose(
            rng, ["铜川市人民政府", "铜川市教育局", "", "铜川市卫生局"], size + spare
        ),
        initial_funds=pl.col("funds"),
        funding_source=choose(rng, ["财政补助", "经费自理", "财政补助"], size + spare),
        certificate_to=pl.col("certificate_from") + pl.duration(days=1826),
    )
    _lists(town, PUBLIC, table[:size], table[size:])
    return table[:size]


def social_organisations(town: Town) -> None:
    """Write the lists of social organisations."""
    rng = stream(town.seed, "social")
    size, spare = max(30, town.count // 1300), 40
    words = [_CLUBS, _PRIVATE, _FUNDS]
    table = _common(town, rng, _SOCIAL, words, first=FIRST_SOCIAL, size=size + spare).with_columns(
        organisation_kind=pl.col("kind"),
        supervisor_name=choose(
            rng, ["铜川市民政局", "铜川市教育局", "铜川市体育局", ""], size + spare
        ),
        registered_funds=pl.col("funds"),
        business_scope=choose(rng, ["会员服务,学术交流", "学前教育", "公益活动"], size + spare),
        certificate_to=pl.col("certificate_from") + pl.duration(days=1461),
    )
    _lists(town, SOCIAL, table[:size], table[size:])
