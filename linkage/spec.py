"""What a linkage specification is: columns, comparisons, blocking, and the trained parameters.

The structure of a kind is code (`person`, `entity`), what was learnt is data (`parameters/`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from foundation.errors import ConfigurationError

_PARAMETERS = Path(__file__).parent / "parameters"
_KINDS = ("person", "entity")


@dataclass(frozen=True)
class Level:
    """One degree of agreement.

    Attributes:
        label: what it means.
        condition: SQL over `<column>_l` and `<column>_r`, the same when the sides are exchanged.
        is_weighed: whether rare values count for more here (see `Spec.frequencies`).
    """

    label: str
    condition: str
    is_weighed: bool = False


@dataclass(frozen=True)
class Comparison:
    """Degrees of agreement of one aspect, the strongest first; what fits none disagrees.

    Attributes:
        name: of the aspect.
        unknown: SQL that is true when nothing can be compared.
        levels: in the order in which they are tried.
        weighed_by: the column by whose commonness weighed levels are adjusted.
    """

    name: str
    unknown: str
    levels: tuple[Level, ...]
    weighed_by: str = ""


@dataclass(frozen=True)
class Parameters:
    """What training found.

    Attributes:
        model_version: changes whenever a score may change.
        prior: the chance that a random pair speaks of one subject.
        m: for each comparison the chance of each level, then of disagreement, in true pairs.
        u: the same in pairs of two subjects.
        frequencies: for each part (a derived column) the share of each value.
        trained: how, when and on what; for readers only.
    """

    model_version: str
    prior: float
    m: dict[str, list[float]]
    u: dict[str, list[float]]
    frequencies: dict[str, dict[str, float]]
    trained: dict[str, Any]


@dataclass(frozen=True)
class Spec:
    """All that linking one kind of subject needs.

    Attributes:
        kind: its name.
        columns: the input's columns (all VARCHAR but for dates); missing ones count as NULL.
        forms: for each normal form the SQL that makes it from the input's columns.
        parts: the same of what is made from the forms.
        comparisons: aspects held to be independent.
        blocking: SQL over `l.` and `r.`, an equality first; only pairs that fit a rule are scored.
        frequencies: for each weighed column the derived columns whose shares make its own.
        sufficient: SQL over the derived columns: whether a record says enough to be somebody.
        exclusive: derived columns; two sides that have different values are never one subject.
        deterministic: rules that find nearly only true pairs, for the prior when training.
        recall: the share of the true pairs that the deterministic rules find.
        sessions: blocking rules of the training sessions.
        population: about how many subjects there are; the prior is one in so many. 0: trained.
        lower: probability from which a pair is kept for a person to look at.
        upper: probability from which a pair is linked.
        margin: by how much (in bits) the best subject must beat the next.
        parameters: what training found; None before.
    """

    kind: str
    columns: tuple[str, ...]
    forms: dict[str, str]
    parts: dict[str, str]
    comparisons: tuple[Comparison, ...]
    blocking: tuple[str, ...]
    frequencies: dict[str, tuple[str, ...]]
    sufficient: str
    deterministic: tuple[str, ...]
    recall: float
    sessions: tuple[str, ...]
    exclusive: tuple[str, ...] = ()
    population: int = 0
    lower: float = 0.1
    upper: float = 0.99
    margin: float = 4.0
    parameters: Parameters | None = None

    @property
    def derived(self) -> tuple[str, ...]:
        """The names of all columns that can be compared."""
        return (*self.forms, *self.parts)

    def sources(self, parts: list[str]) -> set[str]:
        """The forms that these parts are made from."""
        told = " ".join(self.parts.get(part, "") for part in parts)
        return {form for form in self.forms if re.search(rf"\b{form}\b", told)}

    @property
    def learnt(self) -> Parameters:
        """The parameters.

        Raises:
            ConfigurationError: the specification was never trained.
        """
        if self.parameters is None:
            raise ConfigurationError(f"linkage {self.kind} was never trained", "train it first")
        return self.parameters


def equal(*columns: str) -> str:
    """A blocking rule: these derived columns are equal on both sides."""
    return " AND ".join(f"l.{column} = r.{column}" for column in columns)


def agree(column: str) -> str:
    """A level's condition: the column is equal on both sides."""
    return f"{column}_l = {column}_r"


def missing(column: str) -> str:
    """A comparison's `unknown`: the column is not known on both sides."""
    return f"{column}_l IS NULL OR {column}_r IS NULL"


@lru_cache
def spec(kind: str) -> Spec:
    """The trained specification of a kind of subject.

    Raises:
        ConfigurationError: there is no such kind, or it was never trained.
    """
    if kind not in _KINDS:
        raise ConfigurationError(f"no linkage of kind {kind}", f"one of {', '.join(_KINDS)}")
    shape: Spec = import_module(f"linkage.{kind}").SPEC
    path = _PARAMETERS / f"{kind}.json"
    if not path.is_file():
        raise ConfigurationError(f"linkage {kind} was never trained", "train it first")
    return replace(shape, parameters=Parameters(**json.loads(path.read_text(encoding="utf-8"))))
