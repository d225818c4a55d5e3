"""How much may be odd, and how much may change between releases: the one place that says so.

Drift is judged only from `min_rows` rows in the earlier release on: below that, single records are
large shares. A product that had rows and has none is held whatever its size, unless it may be
empty. `None` switches a kind of drift off. What trips is let out, when it is right, by
`tongchuan release approve`.
"""

from __future__ import annotations

from dataclasses import dataclass

# A date as a department states it may be wrong in single rows: that is an objection to the
# department, no reason to hold everyone's data. Expectations on such dates (`tolerated_in`) fail
# above this share of the product's rows; all others fail at the first row.
TOLERATED_SHARE = 0.001

# R-MAC-06: how far a price index may lie from 100.
INDEX_BAND = 20
# R-MAC-09: how far the sum of the counties may lie from the city, as a share of the city. The New
# Area counts with or without 耀州, and units that work across counties in none: what this finds is
# a county in another unit or copied from another sheet. Medium confidence, to be set with the
# statistics office.
COUNTIES_TOLERANCE = 0.50


# Geometry of the divisions (domain reference §3.5: 3 882 km²). Polygons on small scales share their
# borders only nearly, and published areas are rounded; the city's own outline is drawn apart from
# its counties'.
CITY_AREA_KM2 = 3882.0
CITY_AREA_SHARE = 0.01
CITY_EDGE_KM2 = 5.0
SIBLING_OVERLAP_KM2 = 0.1

# Standard addresses that lie elsewhere than they say: more than this share of at least so many is
# no matter of single addresses.
MISPLACED_SHARE = 0.20
MISPLACED_MIN_ROWS = 100


@dataclass(frozen=True)
class Drift:
    """Allowed change of one product.

    Attributes:
        rows: change of the number of rows, as a share of the earlier number.
        null_share: change of a column's share of NULLs, in absolute terms (0.10: from 5 % to 15 %).
        min_rows: rows of the earlier release from which on drift is judged.
        may_be_empty: no rows is a natural state, reached when departments mend what is wrong.
        borrowed: columns whose NULLs are not judged: another library fills them, and may come, or
            come back, on any night.
    """

    rows: float | None = 0.20
    null_share: float | None = 0.10
    min_rows: int = 500
    may_be_empty: bool = False
    borrowed: frozenset[str] = frozenset()
    grows: bool = False


DEFAULT = Drift()

_PLACED = frozenset({"longitude", "latitude", "address_match_level"})
_LINKED = frozenset({"entity_id", "person_id"})
# Most records have a number: how many are found by likelihood, or by a person, comes and goes.
_UNSURE = frozenset({"match_probability", "model_version", "decided_by"})
_LOCATED = frozenset({"located_division_code", "is_division_consistent"})

# Disagreements and unusable records come and go with the departments' corrections: half of them
# may be settled by one delivery, all of a few, and their mix of kinds moves the nulls of optional
# columns.
SETTLED = Drift(rows=0.50, null_share=None, may_be_empty=True)
DRIFT: dict[str, Drift] = {
    "population.objection": SETTLED,
    "population.unresolved_record": SETTLED,
    "population.person_succession": SETTLED,
    "population.person_link": Drift(borrowed=_UNSURE),
    "legal_entity.legal_entity_link": Drift(borrowed=_UNSURE),
    "legal_entity.objection": SETTLED,
    "legal_entity.unresolved_record": SETTLED,
    "legal_entity.legal_entity_succession": SETTLED,
    # About ten candidates for each subject: judged from as many subjects on as the subjects are.
    "population.person_attribute": Drift(min_rows=5_000),
    "legal_entity.legal_entity_attribute": Drift(min_rows=5_000),
    # Every version of every record stays: a whole list delivered again states everything anew.
    "population.person_statement": Drift(grows=True, null_share=None),
    "legal_entity.legal_entity_statement": Drift(grows=True, null_share=None),
    "e_licence.objection": SETTLED,
    "geospatial.objection": SETTLED,
    # Facts that are only added to, a bulletin at a time; lost ones show in the reconciliation.
    "macro_economy.observation": Drift(rows=None),
    "macro_economy.latest": Drift(rows=None, null_share=None),
    "macro_economy.fiscal": Drift(rows=None),
    # Measurements are only added to; what is missing of an hour or a month comes and goes.
    "environment.air_quality_hourly": Drift(rows=None, null_share=None),
    "environment.air_quality_daily": Drift(rows=None, null_share=None),
    "environment.air_quality_annual": Drift(rows=None, null_share=None),
    "environment.surface_water_sample": Drift(rows=None, null_share=None),
    "environment.surface_water": Drift(rows=None, null_share=None),
    "environment.emission_monitoring": Drift(rows=None, borrowed=frozenset({"entity_id"})),
    "environment.emission_exceedance": SETTLED,
    # Months are added, and the cells of coverage follow who lives here; what was found may be
    # mended in one night.
    "social_security.contribution_by_employer": Drift(rows=None, borrowed=frozenset({"entity_id"})),
    "social_security.contribution_by_entity": Drift(rows=None),
    "social_security.benefit_by_division": Drift(rows=None),
    "social_security.coverage_by_group": Drift(rows=None),
    "social_security.coverage_by_division": Drift(rows=None),
    "social_security.payment_after_death": SETTLED,
    "social_security.conflicting_enrolment": SETTLED,
    "social_security.objection": SETTLED,
    "cross_theme.objection": SETTLED,
    "cross_theme.finding": SETTLED,
    "social_security.employer": Drift(borrowed=frozenset({"entity_id"})),
    "social_security.enrolment": Drift(borrowed=_LINKED),
    # Decisions are only added to; the columns of a format come and go with its files.
    "credit.administrative_permit": Drift(rows=None, null_share=None),
    "credit.administrative_penalty": Drift(rows=None, null_share=None),
    "credit.disclosure_timeliness": Drift(rows=None, null_share=None),
    "credit.dishonest_judgment_debtor": Drift(rows=None, borrowed=_LINKED),
    "credit.entity_credit_item": Drift(rows=None, null_share=None, may_be_empty=True),
    "credit.entity_credit_profile": Drift(null_share=None),
    "credit.late_disclosure": SETTLED,
    "credit.objection": SETTLED,
    # Publicity ends by itself.
    "credit.public_permit": Drift(rows=None, null_share=None, may_be_empty=True),
    "credit.public_penalty": Drift(rows=None, null_share=None, may_be_empty=True),
    "population.person": Drift(borrowed=_PLACED),
    "legal_entity.legal_entity": Drift(borrowed=_PLACED),
    "geospatial.standard_address": Drift(borrowed=_LOCATED),
    "geospatial.land_parcel": Drift(borrowed=_LOCATED),
    "geospatial.land_parcel_holder": Drift(borrowed=_LINKED),
    # A new list retires what it lacks: between 2018 and 2023 a third of the villages' codes.
    "geospatial.division": Drift(rows=0.50, null_share=None),
    "e_licence.licence_holder": Drift(borrowed=_LINKED),
}


def drift_of(product: str) -> Drift:
    """The allowed change of a product."""
    return DRIFT.get(product, DEFAULT)
