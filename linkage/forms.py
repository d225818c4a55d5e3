"""Normal forms in which values are compared: SQL expressions over one column.

The rules are those of the warehouse's macros (`comparable_person_name`, `comparable_entity_name`,
`comparable_address`), taken further: what two writers may write differently of one thing is gone.
An empty form is NULL: nothing is known, which neither agrees nor disagrees.
"""

from __future__ import annotations

_WIDE = (
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "（）〔〕［］【】－–—―−～"
)
_HALF = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()()()()------"
_REGION = (
    r"^(陕西省?)?(铜川市?)?((王益|印台|耀州|城|郊)区|(耀|宜君)县|新区)?"  # the city's own prefix
)
_FORMS = (
    r"(股份有限责任公司|股份有限公司|有限责任公司|有限公司|股份公司|责任公司|公司"
    r"|\(普通合伙\)|\(有限合伙\)|\(个体工商户\))$"
)


# What does not count in names and texts; translate() drops what has no counterpart.
_BLANK = " \t\r\n\u00a0　"
_DOTS = "·．•・‧∙⋅.,，、-"


# Most values are written as they should be; changing characters costs ten times as much as looking.
_PLAIN = "[0-9A-Z\u3400-\u4dbf\u4e00-\u9fff]+"


def half_width(column: str, dropped: str = "") -> str:
    """Upper case, digits, letters, brackets and dashes in half width; without what is dropped."""
    changed = f"translate(upper({column}), '{_WIDE}{dropped}', '{_HALF}')"
    return f"CASE WHEN regexp_full_match({column}, '{_PLAIN}') THEN {column} ELSE {changed} END"


def text(column: str) -> str:
    """Any text without regard to case, width, spaces and punctuation."""
    return _known(half_width(column, f"{_BLANK}{_DOTS}。;；:：/_\"''"))


def person_name(column: str) -> str:
    """A name without spaces, dots of any kind and remarks in brackets."""
    return _known(_without_remarks(half_width(column, _BLANK + _DOTS)))


def entity_name(column: str) -> str:
    """A name of an organisation without spaces and dots, brackets in half width."""
    return _known(half_width(column, _BLANK + _DOTS))


def entity_core(column: str) -> str:
    """What is left of a comparable organisation's name without region, legal form, brackets."""
    bare = f"regexp_replace(regexp_replace({column}, '{_FORMS}', ''), '{_REGION}', '')"
    return _known(f"regexp_replace({bare}, '[()]|市|陕西|铜川', '', 'g')")


def address(column: str) -> str:
    """An address from the town on: no region, no blanks, no remarks, simplified characters."""
    narrow = half_width(column, _BLANK + ",，.。;；:：")
    simple = f"translate({narrow}, '號區鎮鄉縣街莊樓棟單', '号区镇乡县街庄楼栋单')"
    town = f"regexp_replace({_without_remarks(simple)}, '{_REGION}', '')"
    return _known(f"replace(replace({town}, '街道办事处', '街道'), '街道办', '街道')")


def building(column: str) -> str:
    """A comparable address up to its building or house, without flat and floor."""
    cases = " ".join(
        f"WHEN contains({column}, '{mark}') THEN split_part({column}, '{mark}', 1) || '{mark}'"
        for mark in ("号楼", "栋", "号")
    )
    return f"CASE {cases} END"


def code(column: str) -> str:
    """A code without spaces, hyphens and regard to case."""
    return _known(half_width(column, f"{_BLANK}{_DOTS}''"))


def telephone(column: str) -> str:
    """A telephone number without separators and the country's prefix."""
    bare = half_width(column, _BLANK + _DOTS + "+")
    return _known(
        f"CASE WHEN length({bare}) > 12 THEN regexp_replace({bare}, '^(0086|86)', '') "
        f"ELSE {bare} END"
    )


def broken_number(column: str) -> str:
    """A resident number as given, when it can be read at all: 15 to 19 digits, the last maybe X."""
    bare = code(column)
    return (
        f"CASE WHEN length({bare}) BETWEEN 15 AND 19 THEN CASE WHEN "
        f"regexp_full_match({bare}, '[0-9]+X?') THEN {bare} END END"
    )


def day(column: str) -> str:
    """A date as eight digits."""
    return f"strftime(try_cast({column} AS DATE), '%Y%m%d')"


def _without_remarks(expression: str) -> str:
    """Without what stands in (half-width) brackets; few values have any."""
    removed = f"regexp_replace({expression}, '\\([^)]*\\)', '', 'g')"
    return f"CASE WHEN contains({expression}, '(') THEN {removed} ELSE {expression} END"


def _known(expression: str) -> str:
    return f"nullif({expression}, '')"
