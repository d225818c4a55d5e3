"""Held, absent, unchanged, approved: the decisions alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ledger import GateRecord
from sharing import Candidate, Candidates, Composition
from sharing.compose import Rules, compose

PRODUCTS = ("a", "b", "c")
DEPENDS = {"b": frozenset({"a"})}  # b is made from a; c refers to a without being made from it
REFERS = {"c": frozenset({"a"}), "b": frozenset({"a"})}
BASE = {p: Path(f"old/{p}") for p in PRODUCTS}
Failing = Callable[[Mapping[str, Path], str], str | None]


def candidate(product: str, unchanged: bool = False) -> Candidate:
    """A candidate; an unchanged one is the old object."""
    path = Path(f"object/{product}") if unchanged else Path(f"new/{product}")
    return Candidate(product, path, 1, f"print-{product}", unchanged)


def decide(failing: Failing, *made: Candidate, **more: Any) -> Composition:
    """Compose with a gate that fails a product under the rule that `failing` names."""
    made = made or tuple(map(candidate, PRODUCTS))

    def judge(composition: Mapping[str, Path], products: tuple[str, ...]) -> list[GateRecord]:
        found = []
        for product in products:
            rule = failing(composition, product)
            status: Any = "failed" if rule else "passed"
            found.append(GateRecord(product, "e", rule or "R-GATE-01", status))
        return found

    offered = Candidates(
        {c.product: c for c in made}, more.pop("refused", {}), more.pop("absent", frozenset())
    )
    settings = {
        "products": PRODUCTS, "base": BASE, "depends_on": DEPENDS, "refers_to": REFERS,
        "approvals": set(), "judge": judge, **more,
    }  # fmt: skip
    return compose(offered, Rules(**settings))


def verdicts(composition: Composition) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Verdict and reasons by product."""
    return {v.product: (v.verdict, v.because) for v in composition.verdicts}


def test_everything_passes_in_one_question() -> None:
    asked = []

    def failing(composition: Mapping[str, Path], product: str) -> None:
        asked.append(product)

    found = decide(failing)
    assert {v for v, _ in verdicts(found).values()} == {"released"}
    assert dict(found.served) == {p: Path(f"new/{p}") for p in PRODUCTS}
    assert sorted(asked) == ["a", "b", "c"]


def test_a_held_product_holds_what_depends_on_it_and_the_old_version_stays() -> None:
    found = decide(lambda _, p: "R-GATE-05" if p == "a" else None)
    assert verdicts(found) == {
        "a": ("held", ("R-GATE-05",)),
        "b": ("held", ("R-GATE-10", "a")),
        "c": ("released", ()),
    }
    assert found.served == {"a": Path("old/a"), "b": Path("old/b"), "c": Path("new/c")}


def test_held_without_an_earlier_version_is_not_served() -> None:
    found = decide(lambda _, p: "R-GATE-05" if p == "a" else None, base={})
    assert dict(found.served) == {"c": Path("new/c")}
    assert verdicts(found)["a"][0] == "held"


def test_checks_across_products_see_the_composition_that_would_be_served() -> None:
    # New c fits only new a; a is held, so c must be judged again beside old a.
    def failing(composition: Mapping[str, Path], product: str) -> str | None:
        if product == "a":
            return "R-GATE-05"
        fits = composition["c"].parent == composition["a"].parent
        return "R-GATE-04" if product == "c" and not fits else None

    found = decide(failing)
    assert verdicts(found)["c"] == ("held", ("R-GATE-04",))
    assert found.served == BASE


def test_a_new_candidate_may_not_take_away_what_an_old_version_refers_to() -> None:
    def failing(composition: Mapping[str, Path], product: str) -> str | None:
        if product != "c":
            return None
        if composition["c"] == Path("new/c"):
            return "R-GATE-05"
        return "R-GATE-04" if composition["a"] == Path("new/a") else None

    found = decide(failing)
    assert verdicts(found)["a"] == ("held", ("R-GATE-04", "c"))
    assert verdicts(found)["b"] == ("held", ("R-GATE-10", "a"))
    assert found.served == BASE


def test_what_was_broken_in_the_served_release_already_holds_nobody() -> None:
    found = decide(
        lambda _, p: "R-GATE-04" if p == "c" else None,
        candidate("a"),
        candidate("b"),
        refused={"c": ("R-GATE-12",)},
    )
    assert verdicts(found)["a"] == ("released", ())


def test_an_unchanged_product_can_be_broken_by_a_new_one() -> None:
    def failing(composition: Mapping[str, Path], product: str) -> str | None:
        broken = product == "c" and composition["a"] == Path("new/a")
        return "R-GATE-04" if broken else None

    found = decide(failing, candidate("a"), candidate("b"), candidate("c", unchanged=True))
    assert verdicts(found)["a"] == ("held", ("R-GATE-04", "c"))


def test_a_refused_model_holds_like_a_failing_gate() -> None:
    found = decide(lambda *_: None, candidate("b"), candidate("c"), refused={"a": ("R-GATE-12",)})
    assert verdicts(found)["a"] == ("held", ("R-GATE-12",))
    assert verdicts(found)["b"] == ("held", ("R-GATE-10", "a"))


def test_absent_holds_nothing() -> None:
    found = decide(
        lambda *_: None, candidate("b"), candidate("c"), absent=frozenset({"a"}), base={}
    )
    assert verdicts(found) == {"a": ("absent", ()), "b": ("released", ()), "c": ("released", ())}
    assert "a" not in found.served


def test_an_approval_is_bound_to_product_and_fingerprint() -> None:
    def failing(_: Mapping[str, Path], product: str) -> str | None:
        return "R-GATE-06" if product == "a" else None

    found = decide(failing, approvals={("a", "print-a")})
    assert {v for v, _ in verdicts(found).values()} == {"released"}
    assert [r.status for r in found.gate if r.product == "a"] == ["approved"]
    for wrong in (("a", "print-b"), ("b", "print-a")):
        assert verdicts(decide(failing, approvals={wrong}))["a"][0] == "held"


def test_an_approved_product_still_waits_for_what_it_depends_on() -> None:
    found = decide(lambda _, p: "R-GATE-05" if p in "ab" else None, approvals={("b", "print-b")})
    assert verdicts(found)["b"] == ("held", ("R-GATE-10", "a"))


def test_silence_is_no_consent() -> None:
    found = decide(lambda *_: None, judge=lambda _c, _p: [])
    assert {v for v, _ in verdicts(found).values()} == {"held"}
    assert {(r.rule_id, r.status) for r in found.gate} == {("R-GATE-09", "error")}


def test_a_success_does_not_hide_a_failure_of_the_same_expectation() -> None:
    def judge(_: Mapping[str, Path], products: tuple[str, ...]) -> list[GateRecord]:
        passed = [GateRecord(p, "e", "R-GATE-01", "passed") for p in products]
        return [*passed, GateRecord("c", "e", "R-GATE-01", "failed", 3), *passed]

    found = decide(lambda *_: None, judge=judge)
    assert verdicts(found)["c"] == ("held", ("R-GATE-01",))
    assert len(found.gate) == 3


def test_an_approved_product_goes_out_while_what_refers_to_it_is_held_for_the_same_reason() -> None:
    """Both lost their rows; the old version of c refers to rows that the new a no longer has."""

    def failing(composition: Mapping[str, Path], product: str) -> str | None:
        if composition[product] == Path(f"new/{product}"):
            return "R-GATE-06" if product in "ac" else None
        return "R-GATE-04" if product == "c" and composition["a"] == Path("new/a") else None

    assert verdicts(decide(failing))["a"] == ("held", ("R-GATE-06",))
    found = decide(failing, approvals={("a", "print-a")})
    assert verdicts(found) == {
        "a": ("released", ()),
        "b": ("released", ()),
        "c": ("held", ("R-GATE-06",)),
    }
    assert found.served == {"a": Path("new/a"), "b": Path("new/b"), "c": Path("old/c")}
