"""How descriptions of persons are compared."""

from __future__ import annotations

from linkage import forms
from linkage.spec import Comparison, Level, Spec, agree, equal, missing

_COLUMNS = (
    "name", "former_name", "birth_date", "sex_code", "ethnic_code", "division_code",
    "origin_division_code", "address", "mobile", "number_text", "mother_number", "father_number",
    "mother_name", "father_name", "employer_name",
)  # fmt: skip
# Surnames of two characters that are common enough to matter.
_DOUBLE = (
    "'欧阳', '上官', '司马', '令狐', '诸葛', '夏侯', '皇甫', '尉迟', '司徒', '东方', '慕容', "
    "'端木', '公孙', '宇文', '长孙', '独孤', '南宫', '呼延'"
)
_FULL = "length(number_key) = 18"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SUM = " + ".join(f"try_cast(number_key[{i + 1}] AS INTEGER) * {w}" for i, w in enumerate(_WEIGHTS))
# A number whose check digit is right; two different ones are two persons (GB 11643).
_VALID = (
    f"CASE WHEN {_FULL} THEN CASE WHEN substr('10X98765432', ({_SUM}) % 11 + 1, 1) "
    "= number_key[18] THEN number_key END END"
)

_FORMS = {
    "name_key": forms.person_name("name"),
    "former_key": forms.person_name("former_name"),
    "birth": forms.day("birth_date"),
    "number_key": forms.broken_number("number_text"),
    "sex": "CASE WHEN sex_code IN ('1', '2') THEN sex_code END",
    "ethnic": forms.code("ethnic_code"),
    "division": forms.code("division_code"),
    "origin": forms.code("origin_division_code"),
    "address_key": forms.address("address"),
    "mobile_key": forms.telephone("mobile"),
    "mother_id": forms.code("mother_number"),
    "father_id": forms.code("father_number"),
    "mother_key": forms.person_name("mother_name"),
    "father_key": forms.person_name("father_name"),
    "employer": forms.entity_name("employer_name"),
}
_PARTS = {
    "name_sorted": "array_to_string(list_sort(string_split(name_key, '')), '')",
    "name_head": f"CASE WHEN name_key[1:2] IN ({_DOUBLE}) THEN name_key[1:2] ELSE name_key[1] END",
    "name_tail": "substr(name_key, length(name_head) + 1)",
    "name_2": "name_tail[1]",
    "name_3": "substr(name_tail, 2)",
    "name_length": "length(name_key)",
    "birth_year": "birth[1:4]",
    "birth_rest": "birth[5:8]",
    "number_head": "CASE WHEN length(number_key) >= 17 THEN number_key[1:15] END",
    "number_tail": "CASE WHEN length(number_key) = 18 THEN number_key[9:18] END",
    "number_end": "CASE WHEN length(number_key) = 18 THEN number_key[15:18] END",
    "number_15": "CASE length(number_key) WHEN 15 THEN number_key "
                 "WHEN 18 THEN number_key[1:6] || number_key[9:17] END",
    "number_valid": _VALID,
    "address_building": forms.building("address_key"),
}  # fmt: skip

_ONE_OTHER = (
    "name_length_l = name_length_r AND name_length_l >= 3 AND "
    "(name_head_l <> name_head_r)::INT + (name_2_l <> name_2_r)::INT"
    " + (name_3_l <> name_3_r)::INT = 1"
)
_NAME = Comparison(
    "name",
    missing("name_key"),
    (
        Level("equal", agree("name_key"), is_weighed=True),
        Level(
            "equal to a former name",
            "former_key_l = name_key_r OR name_key_l = former_key_r",
            is_weighed=False,
        ),
        Level(
            "characters in another order", "name_length_l >= 2 AND name_sorted_l = name_sorted_r"
        ),
        Level("one character of three other", _ONE_OTHER),
        Level("given name equal", "name_tail_l = name_tail_r AND name_tail_l <> ''"),
        Level("surname equal", agree("name_head")),
    ),
    weighed_by="name_key",
)

_SWAPPED = "birth_year_l = birth_year_r AND birth_l = birth_year_r || birth_r[7:8] || birth_r[5:6]"
_BORN = Comparison(
    "birth and number",
    "(birth_l IS NULL OR birth_r IS NULL) AND (number_key_l IS NULL OR number_key_r IS NULL)",
    (
        Level("number equal", agree("number_key")),
        Level("number but for one slip",
              "length(number_key_l) = length(number_key_r)"
              " AND damerau_levenshtein(number_key_l, number_key_r) <= 1"),
        Level("number of 15 digits, at most one slip",
              "(length(number_key_l) = 15 OR length(number_key_r) = 15)"
              " AND damerau_levenshtein(number_15_l, number_15_r) <= 1"),
        Level("first 15 digits of the number", agree("number_head")),
        Level("birth date", "birth_l = birth_r AND (number_key_l IS NULL OR number_key_r IS NULL)"),
        Level("birth date, another number", agree("birth")),
        Level("day and month exchanged", _SWAPPED),
        Level("one digit of the birth date", "damerau_levenshtein(birth_l, birth_r) <= 1"),
        Level("day and month", agree("birth_rest")),
        Level("year of birth, about", "abs(birth_year_l::INT - birth_year_r::INT) <= 1"),
    ),
)  # fmt: skip


def _division(digits: int) -> str:
    """The division is equal to so many digits; county codes are given with six."""
    return (
        f"length(division_l) >= {digits} AND length(division_r) >= {digits}"
        f" AND division_l[1:{digits}] = division_r[1:{digits}]"
    )


_PLACE = Comparison(
    "place",
    "(address_key_l IS NULL OR address_key_r IS NULL)"
    " AND (division_l IS NULL OR division_r IS NULL)",
    (
        Level("address", agree("address_key")),
        Level("building", agree("address_building")),
        Level("village", _division(12)),
        Level("town", _division(9)),
        Level("county", _division(6)),
        Level("city", _division(4)),
    ),
)

_PARENTS = Comparison(
    "parents",
    "(mother_id_l IS NULL OR mother_id_r IS NULL) AND (father_id_l IS NULL OR father_id_r IS NULL)"
    " AND (mother_key_l IS NULL OR mother_key_r IS NULL)"
    " AND (father_key_l IS NULL OR father_key_r IS NULL)",
    (
        Level("a parent's number", "mother_id_l = mother_id_r OR father_id_l = father_id_r"),
        Level("both names", "mother_key_l = mother_key_r AND father_key_l = father_key_r"),
        Level("one name", "mother_key_l = mother_key_r OR father_key_l = father_key_r"),
    ),
)

SPEC = Spec(
    kind="person",
    columns=_COLUMNS,
    forms=_FORMS,
    parts=_PARTS,
    comparisons=(
        _NAME,
        _BORN,
        Comparison("sex", missing("sex"), (Level("equal", agree("sex")),)),
        Comparison(
            "ethnic group",
            missing("ethnic"),
            (
                Level("both 汉", "ethnic_l = '01' AND ethnic_r = '01'"),
                Level("equal", agree("ethnic")),
            ),
        ),
        _PLACE,
        Comparison(
            "origin",
            missing("origin"),
            (
                Level("county", "origin_l[1:6] = origin_r[1:6]"),
                Level("city", "origin_l[1:4] = origin_r[1:4]"),
            ),
        ),
        Comparison(
            "mobile",
            missing("mobile_key"),
            (
                Level("equal", agree("mobile_key")),
                Level("one slip", "damerau_levenshtein(mobile_key_l, mobile_key_r) <= 1"),
            ),
        ),
        _PARENTS,
        Comparison("employer", missing("employer"), (Level("equal", agree("employer")),)),
    ),
    blocking=(
        equal("name_key", "birth_year"),
        equal("name_key", "birth_rest"),
        equal("birth", "name_head"),
        equal("birth", "name_tail"),
        equal("birth", "name_sorted"),
        equal("number_head"),
        equal("number_tail"),
        equal("number_15"),
        equal("name_key", "number_end"),
        equal("name_key", "mobile_key"),
        equal("name_key", "address_key"),
        equal("birth", "mobile_key"),
        equal("birth", "address_key"),
        equal("birth", "mother_id"),
        "l.birth = r.birth AND l.name_key = r.former_key",
        "l.birth = r.birth AND l.former_key = r.name_key",
    ),
    frequencies={"name_key": ("name_head", "name_2", "name_3")},
    sufficient="name_key IS NOT NULL AND (birth IS NOT NULL OR number_key IS NOT NULL"
    " OR mobile_key IS NOT NULL OR address_key IS NOT NULL)",
    exclusive=("number_valid",),
    deterministic=(
        equal("number_key"),
        equal("name_key", "birth", "address_key"),
        equal("name_key", "birth", "mobile_key"),
    ),
    recall=0.6,
    sessions=(
        equal("name_key", "birth"),
        equal("name_key", "mobile_key"),
        equal("birth", "address_building", "sex"),
    ),
    population=850_000,
)
