"""Electronic licences: the identifier of GB/T 36904-2018, several holders in one cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.clean import SPACES, Bools, Context, Evaluated, as_bools, half_width
from ingest.digits import byte_matrix
from ingest.identity import to_resident_id
from ingest.organisation import to_uscc
from ingest.several import SEPARATOR, Parts, count, unify

SEPARATORS = ",，"  # beside ^
# Type: the defining body's USCC and 3 characters; issuer: a USCC, or a division code as some write.
_STRUCTURE = (
    r"^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{18}|[0-9]{6}|[0-9]{9}|[0-9]{12})"
    r"\.([0-9A-Z]+)\.([0-9]{3})\.([0-9A-Z])$"
)
_VALUE = np.zeros(256, dtype=np.int32)
_VALUE[np.arange(48, 58)] = np.arange(10)
_VALUE[np.arange(65, 91)] = np.arange(10, 36)


def to_licence_identifier(cleaned: Evaluated) -> Evaluated:
    """Text → licence identifier, half width and upper case; R-LIC-01 and R-LIC-02 only warn."""
    text = half_width(cleaned.values).str.to_uppercase()
    done = Evaluated(text, dict(cleaned.problems))
    given = as_bools(text.is_not_null())
    fits = as_bools(text.str.contains(_STRUCTURE))
    done.add("R-LIC-01", given & ~fits)
    spots = np.flatnonzero(fits)
    right = np.zeros(len(text), dtype=bool)
    if len(spots):
        right[spots] = check_fits(text.gather(spots))
    done.add("R-LIC-02", fits & ~right)
    done.is_valid = right
    return done


def check_fits(identifiers: pl.Series) -> Bools:
    """Whether well-formed identifiers end in their check character.

    ISO 7064 MOD 37,36 over type, issuer, serial and version without the dots (GB/T 36904-2018).
    """
    plain = identifiers.str.replace(r"^1\.2\.156\.3005\.2\.", "").str.replace_all(
        ".", "", literal=True
    )
    widths = plain.str.len_bytes().to_numpy()
    right = np.zeros(len(plain), dtype=bool)
    for width in np.unique(widths).tolist():
        spots = np.flatnonzero(widths == width)
        values = _VALUE[byte_matrix(plain.gather(spots), width)]
        right[spots] = _check(values[:, :-1]) == values[:, -1]
    return right


def _check(values: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    state = np.full(len(values), 36, dtype=np.int32)
    for position in range(values.shape[1]):
        total = (state + values[:, position]) % 36
        state = np.where(total == 0, 36, total) * 2 % 37
    return np.asarray((37 - state) % 36, dtype=np.int32)


def to_several(cleaned: Evaluated) -> Evaluated:
    """Text → values joined by `^`, whichever separator stood between them, without blanks."""
    joined = unify(cleaned.values, SEPARATORS).str.strip_chars(SPACES + SEPARATOR)
    values = pl.select(pl.when(joined != "").then(joined).otherwise(None)).to_series()
    return Evaluated(values, dict(cleaned.problems))


def check_holder_codes(
    done: Evaluated, names: pl.Series, kinds: pl.Series, params: Mapping[str, Any], context: Context
) -> None:
    """Each code of a cell by the kind of paper of its row; changes `done` in place.

    There must be as many codes as names (R-LIC-03), else none is kept: whose it is cannot be
    known. A bad code leaves an empty place, so that the others stay with their holders. Codes of
    papers without a rule of their own stay as they are.
    """
    whole = unify(half_width(done.values).str.to_uppercase(), SEPARATORS)
    bare = to_several(Evaluated(whole)).values
    wanted = count(names)
    # a separator at the edge is an empty place if the names say so, else a slip of the pen
    is_place = bare.is_not_null() & (count(whole) == wanted)
    text = pl.select(pl.when(is_place).then(whole).otherwise(bare)).to_series()
    unequal = as_bools(text.is_not_null() & (count(text) != wanted))
    done.add("R-LIC-03", unequal)
    text = pl.select(pl.when(pl.Series(unequal)).then(None).otherwise(text)).to_series()
    parts = Parts.of(text)
    kind = kinds.gather(parts.rows)
    for allowed, check in ((params["uscc"], to_uscc), (params["resident_id"], to_resident_id)):
        judged = kind.is_in(list(allowed)) & parts.values.is_not_null()
        parts.check(done, np.flatnonzero(as_bools(judged)), check, context)
    done.values = parts.joined()
