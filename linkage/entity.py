"""How descriptions of legal entities are compared."""

from __future__ import annotations

from linkage import forms
from linkage.spec import Comparison, Level, Spec, agree, equal, missing

_COLUMNS = (
    "name", "former_name", "uscc_text", "organisation_code", "registration_no", "taxpayer_id",
    "legal_representative_name", "address", "division_code", "established_date",
)  # fmt: skip
_VALID_USCC = "regexp_full_match(uscc, '[0-9A-HJ-NPQRTUWXY]{18}')"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SUM = " + ".join(
    f"(strpos('{_ALPHABET}', uscc[{i + 1}]) - 1) * {w}" for i, w in enumerate(_WEIGHTS)
)

_FORMS = {
    "name_key": forms.entity_name("name"),
    "former_key": forms.entity_name("former_name"),
    "uscc": forms.code("uscc_text"),
    "organisation_key": forms.code("organisation_code"),
    "registration": forms.code("registration_no"),
    "taxpayer_key": forms.code("taxpayer_id"),
    "representative": forms.person_name("legal_representative_name"),
    "address_key": forms.address("address"),
    "division": forms.code("division_code"),
    "established": forms.day("established_date"),
}
_PARTS = {
    "name_core": forms.entity_core("name_key"),
    # A code whose check digit is right; two different ones are two entities (GB 32100).
    "uscc_valid": f"CASE WHEN {_VALID_USCC} THEN CASE WHEN "
                  f"substr('{_ALPHABET}', (31 - ({_SUM}) % 31) % 31 + 1, 1) = uscc[18] "
                  "THEN uscc END END",
    "organisation": "coalesce(organisation_key, CASE WHEN length(uscc) = 18 THEN uscc[9:17] END)",
    "taxpayer": "coalesce(taxpayer_key, uscc)",
    "address_building": forms.building("address_key"),
}  # fmt: skip

_SLIP = "length({0}_l) = length({0}_r) AND damerau_levenshtein({0}_l, {0}_r) <= 1"
_CODES = ("uscc", "organisation", "registration", "taxpayer")

# The codes hold each other, so they are one aspect.
_CODE = Comparison(
    "codes",
    " AND ".join(f"({missing(code)})" for code in _CODES),
    (
        Level("a code equal", " OR ".join(agree(code) for code in _CODES)),
        Level("a code but for one slip", " OR ".join(f"({_SLIP.format(code)})" for code in _CODES)),
    ),
)

SPEC = Spec(
    kind="entity",
    columns=_COLUMNS,
    forms=_FORMS,
    parts=_PARTS,
    comparisons=(
        Comparison(
            "name",
            missing("name_key"),
            (
                Level("equal", agree("name_key")),
                Level(
                    "equal to a former name",
                    "former_key_l = name_key_r OR name_key_l = former_key_r",
                ),
                Level("equal but for region and legal form", agree("name_core")),
                Level("alike", "jaro_winkler_similarity(name_core_l, name_core_r) >= 0.93"),
            ),
        ),
        _CODE,
        Comparison(
            "representative", missing("representative"), (Level("equal", agree("representative")),)
        ),
        Comparison(
            "place",
            "(address_key_l IS NULL OR address_key_r IS NULL)"
            " AND (division_l IS NULL OR division_r IS NULL)",
            (
                Level("address", agree("address_key")),
                Level("building", agree("address_building")),
                Level("county", "division_l[1:6] = division_r[1:6]"),
            ),
        ),
        Comparison(
            "established",
            missing("established"),
            (
                Level("equal", agree("established")),
                Level("one digit", "damerau_levenshtein(established_l, established_r) <= 1"),
            ),
        ),
    ),
    blocking=(
        equal("name_key"),
        equal("name_core"),
        *(equal(code) for code in _CODES),
        "l.name_key = r.former_key",
        "l.former_key = r.name_key",
        equal("representative", "address_building"),
        equal("representative", "established"),
        equal("address_key", "established"),
    ),
    frequencies={},
    sufficient="name_key IS NOT NULL AND (representative IS NOT NULL OR address_key IS NOT NULL"
    " OR established IS NOT NULL OR organisation IS NOT NULL OR registration IS NOT NULL"
    " OR taxpayer IS NOT NULL)",
    exclusive=("uscc_valid",),
    deterministic=(
        equal("name_key", "representative"),
        equal("organisation"),
        equal("registration"),
    ),
    recall=0.8,
    sessions=(equal("name_key"), equal("representative", "established"), equal("address_key")),
    population=40_000,
)
