"""What an independent look into a workbook finds, whatever its format; see `sheet.load_sheets`.

Belongs here: only what the looks at .xlsx (`sheet`) and .xls (`biff`) share.
"""

from __future__ import annotations

from dataclasses import dataclass, field

EXACT_DIGITS = 15  # of a number that Excel keeps


@dataclass(frozen=True)
class Hidden:
    """What the file's own records say of one sheet and the text does not.

    Attributes:
        filled_rows: rows that hold anything.
        texts: what to put in place of a cell (row and column from 0): its text, and the number
            that stands there, or None for a formula error.
        first_column: where the used cells begin; the reader leaves out columns before it.
    """

    filled_rows: int
    texts: dict[tuple[int, int], tuple[str, float | None]] = field(default_factory=dict)
    first_column: int = 0


def ruined(number: float) -> str | None:
    """A number of more digits than Excel keeps, as Excel shows it; None for shorter ones."""
    return f"{number:.5E}" if abs(number) >= 10**EXACT_DIGITS else None
