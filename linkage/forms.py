"""Normal forms in which values are compared: SQL expressions over one column.

The rules are those of the warehouse's macros (`comparable_person_name`, `comparable_entity_name`,
`comparable_address`), taken further: what two writers may write differently of one thing is gone.
An empty form is NULL: nothing is known, which neither agrees nor disagrees.
"""

from __future__ import annotations

_WIDE = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ（）〔〕［］【】－–—―−～"
_HALF = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()()()()------"
_REGION = (
    r"^(陕西省?)?(铜川市?)?((王益|印台|耀州|城|郊)区|(耀|宜君)县|新区)?"  # the city's own prefix
)
_FORMS = r"(股份有限责任公司|股份有限公司|有限责任公司|有限公司|股份公司|责任公司|公司|\(普通合伙\)|\(有限合伙\)|\(个体工商户\))$"


def half_width(column: str) -> str:
    """Upper case, digits, letters, brackets and dashes in their half-width form."""
    return f"translate(upper({column}), '{_WIDE}', '{_HALF}')"


def text(column: str) -> str:
    """Any text without regard to case, width, spaces and punctuation."""
    return _known(f"regexp_replace({half_width(column)}, '[\\s　,，.。;；:：''\"/_-]+', '', 'g')")


def person_name(column: str) -> str:
    """A name without spaces, dots of any kind and remarks in brackets."""
    bare = f"regexp_replace({half_width(column)}, '\\([^)]*\\)', '', 'g')"
    return _known(f"regexp_replace({bare}, '[\\s　·．•・‧∙⋅.,，''-]+', '', 'g')")


def entity_name(column: str) -> str:
    """A name of an organisation without spaces and dots, brackets in half width."""
    return _known(f"regexp_replace({half_width(column)}, '[\\s　·．•・‧∙⋅.,，、]+', '', 'g')")


def entity_core(column: str) -> str:
    """What is left of an organisation's name without region, legal form and brackets."""
    name = entity_name(column)
    bare = f"regexp_replace(regexp_replace({name}, '{_FORMS}', ''), '{_REGION}', '')"
    return _known(f"regexp_replace({bare}, '[()]|市|陕西|铜川', '', 'g')")


def address(column: str) -> str:
    """An address from the town on: no region, no blanks, no remarks, simplified characters."""
    simple = f"translate({half_width(column)}, '號區鎮鄉縣街莊樓棟單', '号区镇乡县街庄楼栋单')"
    bare = f"regexp_replace({simple}, '[\\s　,，.。;；:：]+|\\([^)]*\\)', '', 'g')"
    town = f"regexp_replace(regexp_replace({bare}, '{_REGION}', ''), '街道办事处|街道办', '街道')"
    return _known(town)


def building(column: str) -> str:
    """An address up to its house or building, without flat and floor."""
    return _known(
        f"regexp_extract({address(column)}, '^.*?[0-9一二三四五六七八九十百]+(号楼|号|栋)')"
    )


def code(column: str) -> str:
    """A code without spaces, hyphens and regard to case."""
    return _known(f"regexp_replace({half_width(column)}, '[^0-9A-Z]', '', 'g')")


def telephone(column: str) -> str:
    """The digits of a telephone number, without the country's prefix."""
    digits = f"regexp_replace({half_width(column)}, '[^0-9]', '', 'g')"
    return _known(f"regexp_replace({digits}, '^(0086|86)(1[0-9]{{10}})$', '\\2')")


def broken_number(column: str) -> str:
    """A resident number as given, when it can be read at all: 15 to 19 digits, the last maybe X."""
    return f"nullif(regexp_extract({code(column)}, '^[0-9]{{14,18}}[0-9X]$'), '')"


def day(column: str) -> str:
    """A date as eight digits."""
    return f"strftime(try_cast({column} AS DATE), '%Y%m%d')"


def _known(expression: str) -> str:
    return f"nullif({expression}, '')"
