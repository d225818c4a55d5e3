"""Splink's settings, made from a specification."""

from __future__ import annotations

from typing import Any, Literal

from linkage.spec import Comparison, Spec

LinkType = Literal["link_only", "dedupe_only"]


def splink_settings(spec: Spec, link_type: LinkType) -> dict[str, Any]:
    """The settings for scoring (with parameters) or for training (without)."""
    learnt = spec.parameters
    return {
        "link_type": link_type,
        "unique_id_column_name": "uid",
        "probability_two_random_records_match": learnt.prior if learnt else 1e-4,
        "comparisons": [_comparison(c, spec) for c in spec.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": sql, "sql_dialect": "duckdb"} for sql in spec.blocking
        ],
        "additional_columns_to_retain": list(spec.exclusive),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        # Part of the names of intermediate tables; random unless told.
        "linker_uid": "linkage",
    }


def output_name(comparison: Comparison) -> str:
    """The comparison's name as a column."""
    return comparison.name.replace(" ", "_")


def _comparison(comparison: Comparison, spec: Spec) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        told: dict[str, Any] = {"sql_condition": level.condition, "label_for_charts": level.label}
        if level.is_weighed:
            told |= {
                "tf_adjustment_column": comparison.weighed_by,
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(told)
    levels.append({"sql_condition": "ELSE", "label_for_charts": "disagree"})
    if spec.parameters is not None:
        m, u = spec.parameters.m[comparison.name], spec.parameters.u[comparison.name]
        for told, m_share, u_share in zip(levels[1:], m, u, strict=True):
            told |= {"m_probability": m_share, "u_probability": u_share}
    return {"output_column_name": output_name(comparison), "comparison_levels": levels}
