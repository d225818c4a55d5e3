"""What a whole delivery must be: bounds declared in its contract, and the control file."""

from __future__ import annotations

from dataclasses import dataclass

from catalog import ExtractContract
from ingest.naming import Control
from ingest.refusal import Refusal
from ledger import DeliveryRecord, Ledger


@dataclass(frozen=True)
class Counts:
    """`read = accepted + rejected + duplicate`."""

    read: int
    accepted: int
    rejected: int
    duplicate: int


def check_balance(counts: Counts) -> None:
    """Refuse what does not balance (conservation).

    Raises:
        Refusal: read is not accepted + rejected + duplicate.
    """
    if counts.read != counts.accepted + counts.rejected + counts.duplicate:
        raise Refusal("R-FILE-13", "读取数不等于接收、退回与重复之和")


def check_control(control: Control | None, sha256: str, read: int | None) -> None:
    """What the control file states must agree.

    Raises:
        Refusal: the checksum or the number of rows differs.
    """
    if control is None:
        return
    if control.sha256 is not None and control.sha256 != sha256:
        raise Refusal("R-CTL-03", "文件的 SHA-256 与控制文件不符")
    if read is not None and control.rows is not None and control.rows != read:
        raise Refusal("R-CTL-02", f"控制文件为 {control.rows} 行，实际 {read} 行")


def check_envelope(
    contract: ExtractContract, counts: Counts, before: DeliveryRecord | None
) -> None:
    """Bounds on rows, share of rejected rows, shrinking of a full list.

    A full list of which no row is usable is no list, however short. A day's increment of one bad
    row is daily life: it is partly accepted, with nothing in it.

    Args:
        before: the active delivery of the nearest earlier business date of the same extract and
            provider.

    Raises:
        Refusal: the first bound that does not hold.
    """
    bounds = contract.envelope
    if bounds.min_rows is not None and counts.read < bounds.min_rows:
        raise Refusal("R-ENV-03", f"共 {counts.read} 行，下限 {bounds.min_rows} 行")
    if bounds.max_rows is not None and counts.read > bounds.max_rows:
        raise Refusal("R-ENV-04", f"共 {counts.read} 行，上限 {bounds.max_rows} 行")
    share = counts.rejected / counts.read if counts.read else 0.0
    if counts.read >= bounds.min_rows_for_share and share > bounds.max_rejected_share:
        raise Refusal(
            "R-ENV-01",
            f"{counts.read} 行中有 {counts.rejected} 行退回（{share:.0%}），"
            f"上限 {bounds.max_rejected_share:.0%}",
        )
    if contract.mode == "full" and counts.rejected and not counts.accepted:
        raise Refusal(
            "R-ENV-01", f"全量名册共 {counts.read} 行，没有一行可用（退回 {counts.rejected} 行）"
        )
    if bounds.max_shrink_share is None or before is None:
        return
    was = before.read - before.duplicate
    now = counts.read - counts.duplicate
    if was > 0 and now < was * (1 - bounds.max_shrink_share):
        raise Refusal(
            "R-ENV-02",
            f"上一期（{before.business_date}）{was} 行，本期 {now} 行，"
            f"减少 {(was - now) / was:.0%}，上限 {bounds.max_shrink_share:.0%}",
        )


def nearest_earlier(
    active: list[DeliveryRecord], provider: str, extract: str, record: DeliveryRecord
) -> DeliveryRecord | None:
    """The active delivery that a new one is compared with."""
    earlier = [
        d
        for d in active
        if (d.provider, d.extract) == (provider, extract)
        and d.return_of is None
        and d.receipt_id != record.receipt_id
        and d.business_date < record.business_date
    ]
    return earlier[-1] if earlier else None


def check_whole(
    record: DeliveryRecord, contract: ExtractContract, ledger: Ledger, ignore_envelope: bool
) -> None:
    """The envelope, against the nearest earlier delivery; a corrected return has none.

    Raises:
        Refusal: a bound is broken.
    """
    if record.return_of is not None or ignore_envelope:
        return
    before = None
    if contract.envelope.max_shrink_share is not None:
        active = ledger.active_deliveries()
        before = nearest_earlier(active, record.provider, record.extract, record)
        if record.read == 0 and not (before and before.read):  # nothing, and the library has rows
            before = next((d for d in active if d.extract == record.extract and d.accepted), None)
    counts = Counts(record.read, record.accepted, record.rejected, record.duplicate)
    check_envelope(contract, counts, before)
