"""Names of people: surnames with the frequencies of Shaanxi, given names by sex and age."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator.arrays import Ints
from simulator.randomness import choose, weighted

_SURNAMES = {
    "王": 890, "李": 860, "张": 845, "刘": 600, "杨": 400, "陈": 290, "赵": 280, "高": 210,
    "马": 205, "郭": 200, "白": 150, "冯": 145, "雷": 130, "任": 128, "何": 120, "孙": 118,
    "党": 110, "梁": 108, "史": 100, "胡": 98, "田": 95, "宋": 92, "侯": 85, "吴": 84, "贺": 80,
    "董": 79, "周": 78, "韩": 76, "薛": 75, "樊": 70, "贾": 66, "石": 65, "徐": 64, "焦": 60,
    "段": 58, "姚": 57, "曹": 56, "罗": 55, "安": 52, "惠": 50, "郝": 50, "康": 49, "袁": 48,
    "崔": 46, "朱": 46, "许": 45, "杜": 44, "武": 43, "寇": 40, "姜": 38, "付": 36, "孟": 34,
    "秦": 34, "潘": 30, "郑": 30, "唐": 28, "和": 26, "左": 24, "穆": 20, "令狐": 6, "欧阳": 5,
    "上官": 4, "司马": 3,
}  # fmt: skip
_MALE = "伟强军磊涛刚斌辉鹏超波勇峰建国明志文龙飞平宁凯浩宇轩博亮杰俊海林东岩毅恒"
_FEMALE = "芳娜敏静丽娟艳霞秀英玲燕红梅玉兰莉萍雪琴颖倩婷欣怡佳慧蓉月春凤巧云珍"
_FIRST = "建国志文玉春秀小晓永新天宏思子雨晨梓一佳海俊少红学彦金亚世立润铜"
# Characters that need GB18030-2005 or later (four bytes), as rare names do.
_RARE = "䶮㛃𬭎㑇䲟𬀩"
_MINORITY_FIRST = ["阿布都", "买买提", "阿依古丽", "古丽娜尔", "吐尔逊", "艾合买提", "热依汗"]
_MINORITY_LAST = ["阿不都热合曼", "买合木提", "吾买尔", "依明", "卡德尔", "沙吾提", "努尔"]


def surnames(rng: np.random.Generator, size: int) -> pl.Series:
    """Surnames as frequent as they are in Shaanxi."""
    index = weighted(rng, [float(n) for n in _SURNAMES.values()], size)
    return pl.Series(list(_SURNAMES), dtype=pl.String).gather(index)


def full_names(rng: np.random.Generator, surname: pl.Series, sex: Ints) -> pl.Series:
    """Surname and one or two characters; a few names hold a rare character."""
    size = len(surname)
    frame = pl.DataFrame(
        {
            "surname": surname,
            "first": choose(rng, list(_FIRST), size),
            "male": choose(rng, list(_MALE), size),
            "female": choose(rng, list(_FEMALE), size),
            "rare": choose(rng, list(_RARE), size),
            "sex": sex,
            "two": rng.random(size) < 0.74,
            "has_rare": rng.random(size) < 0.001,
        }
    )
    last = pl.when(pl.col("has_rare")).then("rare").when(pl.col("sex") == 1).then("male")
    given = pl.when(pl.col("two")).then(pl.col("first")).otherwise(pl.lit(""))
    name = pl.col("surname") + given + last.otherwise("female")
    return frame.select(name.alias("name")).to_series()


def minority_names(rng: np.random.Generator, size: int) -> pl.Series:
    """Names of two parts with the separation dot `·`."""
    first, last = choose(rng, _MINORITY_FIRST, size), choose(rng, _MINORITY_LAST, size)
    frame = pl.DataFrame({"first": first, "last": last})
    return frame.select((pl.col("first") + "·" + pl.col("last")).alias("name")).to_series()
