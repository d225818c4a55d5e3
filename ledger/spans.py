"""From when until when the rows of a delivery counted: the known time of everything in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.records import DeliveryRecord

_Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class KnownSpan:
    """One time in which a delivery's rows counted: until now, if `known_until` is None."""

    delivery: DeliveryRecord
    known_at: datetime
    known_until: datetime | None


def known_spans(
    accepted: Sequence[DeliveryRecord], withdrawn: Mapping[str, datetime]
) -> list[KnownSpan]:
    """The spans of each delivery, in (business date, delivery order, time).

    A delivery lives from its arrival until it is withdrawn. It counts while no later correction of
    it lives (same provider, extract, file name and explicit business date): when its correction is
    withdrawn, it counts again. A return counts while it lives and its original counts.

    Args:
        accepted: in order of arrival; refused ones and duplicates count never.
        withdrawn: when, by receipt, of those that stand withdrawn.
    """
    spans: dict[str, list[_Span]] = {}
    later: dict[tuple[Any, ...], list[_Span]] = {}
    lives = {d.receipt_id: _life(d, withdrawn.get(d.receipt_id)) for d in accepted}
    for d in reversed(accepted):
        life = lives[d.receipt_id]
        spans[d.receipt_id] = [life]
        if d.has_explicit_date and d.return_of is None:
            corrections = later.setdefault(
                (d.provider, d.extract, d.file_name, d.business_date), []
            )
            spans[d.receipt_id] = _without(life, corrections)
            corrections.append(life)
    for d in accepted:
        if d.return_of is not None:
            spans[d.receipt_id] = _within(lives[d.receipt_id], spans.get(d.return_of, []))
    ordered = sorted(accepted, key=lambda d: (d.business_date, d.delivery_order))
    return [KnownSpan(d, *span) for d in ordered for span in spans[d.receipt_id]]


def _life(delivery: DeliveryRecord, withdrawn: datetime | None) -> _Span:
    came = delivery.received_at
    return came, None if withdrawn is None else max(came, withdrawn)


def _without(life: _Span, others: Iterable[_Span]) -> list[_Span]:
    """What is left; an empty rest at the very beginning stays, as the proof that it came."""
    left = [life]
    for since, until in others:
        pieces: list[_Span] = []
        for start, end in left:
            if (end is not None and end <= since) or (until is not None and until <= start):
                pieces.append((start, end))
                continue
            if start <= since:
                pieces.append((start, since))
            if until is not None and (end is None or until < end):
                pieces.append((until, end))
        left = pieces
    return sorted(left, key=lambda span: span[0])


def _within(life: _Span, spans: Iterable[_Span]) -> list[_Span]:
    found = []
    for since, until in spans:
        start = max(life[0], since)
        ends = [end for end in (life[1], until) if end is not None]
        end = min(ends) if ends else None
        if end is None or start <= end:
            found.append((start, end))
    return found
