"""Damage done to rows, as departments do it, and the record of what was done.

Belongs here: the kinds of damage, which of them fit which column of a contract, and how they are
dealt out over a file. Does not belong here: how a damaged row is to be judged beyond the rule that
the damage was made to break.
"""

from simulator.damage.apply import NO_HITS, damaged

__all__ = ["NO_HITS", "damaged"]
