"""The ingest as others call it: take what waits, check a file, let in, take out, make again."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog import Catalog
from foundation import clock
from foundation.errors import ConfigurationError, safe_error
from foundation.files import sha256_file
from foundation.lock import exclusive
from foundation.paths import DataRoot
from ingest.inbox import DEFAULT_SETTLE_SECONDS, LeftAlone, scan
from ingest.landing import land, write_raw
from ingest.naming import Control, business_date, delivery_id, delivery_order, read_control
from ingest.process import Outcome, examine
from ingest.refusal import Refusal
from ingest.taking import Taken, archived, finish, take, unfinished
from ledger import DeliveryRecord, Ledger

logger = logging.getLogger("tongchuan.ingest")
Progress = Callable[[str], None]
# What a person may let in: the rows were read, only a bound or the control file stood against it.
_OVERRIDABLE = ("R-ENV-", "R-CTL-")


@dataclass(frozen=True)
class Taking:
    """What one look at the inbox led to.

    Attributes:
        failed: receipt ids of deliveries that raised; they wait in `archive/.taking`.
    """

    deliveries: tuple[DeliveryRecord, ...]
    left_alone: tuple[LeftAlone, ...]
    failed: tuple[str, ...]


def _silent(_text: str) -> None:
    return None


def take_inbox(
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    *,
    settle_seconds: float = DEFAULT_SETTLE_SECONDS,
    progress: Progress = _silent,
) -> Taking:
    """Take everything that waits, in (business date, arrival) order, and answer each.

    One delivery that raises does not stop the others: it stays in `archive/.taking`, is named in
    the result, and is tried again the next time.
    """
    with exclusive(root.lock, "ingest"):
        look = scan(root, settle_seconds)
        waiting = unfinished(root)
        known = {t.receipt_id for t in waiting}
        left_alone = list(look.left_alone)
        for item in look.waiting:
            try:
                taken = take(root, ledger, item)
            except OSError as error:  # one file nobody may read must not stop the others
                reason = f"无法读取或移动（{type(error).__name__}），请检查文件权限与磁盘"
                left_alone.append(LeftAlone(item.path, reason))
                logger.error("a waiting file cannot be taken: %s", safe_error(error))
                continue
            if taken is not None and taken.receipt_id not in known:
                waiting.append(taken)
        done: list[DeliveryRecord] = []
        failed: list[str] = []
        queue = sorted(waiting, key=lambda t: (t.day.day, t.received_at))
        deferred: set[str] = set()
        for position, taken in enumerate(queue, start=1):  # grows by what is deferred
            progress(
                f"[{position}/{len(queue)}] {taken.provider}/{taken.extract} {taken.file_name}"
            )
            try:
                record = _take_one(root, ledger, catalog, taken, deferred)
                if record is None:
                    queue.append(taken)
                else:
                    done.append(record)
            except (ConfigurationError, KeyboardInterrupt):
                raise
            except Exception as error:  # noqa: BLE001  (kept, named, and tried again)
                failed.append(taken.receipt_id)
                logger.error("delivery %s failed: %s", taken.receipt_id, safe_error(error))
                progress(f"    失败 / failed: {safe_error(error)}")
        return Taking(tuple(done), tuple(left_alone), tuple(failed))


def _awaits_original(outcome: Outcome, taken: Taken, deferred: set[str]) -> bool:
    """Whether a corrected return came before what it corrects: it is looked at again at the end."""
    if outcome.record.refused_rule != "R-RET-01" or taken.receipt_id in deferred:
        return False
    deferred.add(taken.receipt_id)
    return True


def _record(taken: Taken) -> DeliveryRecord:
    """What is known of a delivery before its file is read."""
    return DeliveryRecord(
        receipt_id=taken.receipt_id,
        delivery_id=taken.delivery_id,
        provider=taken.provider,
        extract=taken.extract,
        file_name=taken.file_name,
        file_sha256=taken.file_sha256,
        file_bytes=taken.file_bytes,
        business_date=taken.day.day,
        date_source=taken.day.source,
        received_at=taken.received_at,
        delivery_order=taken.order,
        status="duplicate",
    )


def _refused(record: DeliveryRecord, rule: str, message_cn: str) -> DeliveryRecord:
    return dataclasses.replace(
        record, status="refused", refused_rule=rule, refused_message_cn=message_cn
    )


def _take_one(
    root: DataRoot, ledger: Ledger, catalog: Catalog, taken: Taken, deferred: set[str]
) -> DeliveryRecord | None:
    known = ledger.delivery(taken.receipt_id)
    if known is not None:  # killed between the ledger and the archive
        finish(root, taken)
        return known
    outcome = _outcome(root, ledger, catalog, taken)
    if _awaits_original(outcome, taken, deferred):
        return None
    land(root, ledger, catalog, taken, outcome)
    finish(root, taken)
    return outcome.record


def _outcome(
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    taken: Taken,
    *,
    ignore_envelope: bool = False,
) -> Outcome:
    record = _record(taken)
    if taken.is_duplicate:
        return Outcome(record)
    if taken.control_error is not None and not ignore_envelope:
        return Outcome(_refused(record, *taken.control_error))
    return examine(
        taken.path, record, taken.day, None if ignore_envelope else taken.control, root, ledger,
        catalog, ignore_envelope=ignore_envelope,
    )  # fmt: skip


def check_file(
    path: Path, extract: str, root: DataRoot, ledger: Ledger, catalog: Catalog,
    provider: str | None = None,
) -> Outcome:  # fmt: skip
    """What would the receipt say? Changes nothing.

    Args:
        provider: who would deliver it; by default whom the contract names. Of an extract that any
            department delivers, only with it is the number of the receipt the real one.

    Raises:
        ConfigurationError: the file, the extract or the department does not exist, or the
            department does not deliver the extract.
    """
    contract = catalog.extracts.get(extract)
    if contract is None:
        names = "、".join(sorted(catalog.extracts))
        raise ConfigurationError(f"no extract is called {extract!r}", f"one of: {names}")
    if not path.is_file():
        raise ConfigurationError(f"{path} is not a file", "name the file to check")
    if provider is not None and (
        provider not in catalog.departments or contract.provider not in ("*", provider)
    ):
        raise ConfigurationError(
            f"{provider!r} does not deliver {extract}", f"it comes from {contract.provider}"
        )
    control_path = path.with_name(path.name + ".ok.json")
    control: Control | None = None
    unreadable: Refusal | None = None
    if control_path.is_file():
        try:
            control = read_control(control_path.read_bytes())
        except Refusal as refusal:
            unreadable = refusal
    received = clock.now()
    day = business_date(path.name, control, received.date())
    sha256 = sha256_file(path)
    explicit = day.day if day.is_explicit else None
    own = provider or contract.provider
    identity = delivery_id(own, extract, explicit, sha256)
    record = DeliveryRecord(
        receipt_id=identity,
        delivery_id=identity,
        provider=own,
        extract=extract,
        file_name=path.name,
        file_sha256=sha256,
        file_bytes=path.stat().st_size,
        business_date=day.day,
        date_source=day.source,
        received_at=received,
        delivery_order=delivery_order(day, received, identity),
        status="accepted",
    )
    if ledger.receipt_ids(identity):
        return Outcome(dataclasses.replace(record, status="duplicate"))
    if unreadable is not None:
        return Outcome(_refused(record, unreadable.rule_id, unreadable.message_cn))
    return examine(path, record, day, control, root, ledger, catalog)


def _archived(root: DataRoot, receipt_id: str) -> Taken:
    for taken in archived(root):
        if taken.receipt_id == receipt_id:
            return taken
    raise ConfigurationError(
        f"the archive has no delivery {receipt_id}", "see `tongchuan delivery list`"
    )


def accept_delivery(
    root: DataRoot, ledger: Ledger, catalog: Catalog, receipt_id: str, reason: str, by: str
) -> DeliveryRecord:
    """Let in a delivery that its envelope or control file refused, or take back a withdrawal.

    Raises:
        ConfigurationError: it is not there, was not refused by an envelope, or cannot be read.
    """
    with exclusive(root.lock, "delivery accept"):
        known = ledger.delivery(receipt_id)
        withdrawn = {o.target for o in ledger.overrides("withdraw")}
        if known is not None and receipt_id in withdrawn:
            ledger.revoke_overrides("withdraw", receipt_id)
            ledger.add_override("accept", receipt_id, reason, by, {"takes_back": "withdraw"})
            return known
        if known is None or known.status != "refused":
            raise ConfigurationError(
                f"{receipt_id} is not a refused delivery", "see `tongchuan delivery list`"
            )
        if not (known.refused_rule or "").startswith(_OVERRIDABLE):
            raise ConfigurationError(
                f"it was refused under {known.refused_rule}: its rows cannot be read or trusted",
                "only those refused by an envelope (R-ENV-…) or control file (R-CTL-…) can be",
            )
        taken = _archived(root, receipt_id)
        outcome = _outcome(root, ledger, catalog, taken, ignore_envelope=True)
        if outcome.record.status == "refused":
            raise ConfigurationError(
                f"it is now refused under {outcome.record.refused_rule}", "correct the file"
            )
        ledger.add_override("accept", receipt_id, reason, by, {"rule": known.refused_rule})
        land(root, ledger, catalog, taken, outcome)
        return outcome.record


def withdraw_delivery(
    ledger: Ledger, root: DataRoot, receipt_id: str, reason: str, by: str
) -> None:
    """Take an accepted delivery out: its rows no longer count. The archive keeps it.

    Raises:
        ConfigurationError: there is no accepted delivery of that id, or it was withdrawn before.
    """
    with exclusive(root.lock, "delivery withdraw"):
        known = ledger.delivery(receipt_id)
        if known is None or known.status not in ("accepted", "partly_accepted"):
            raise ConfigurationError(
                f"{receipt_id} is not an accepted delivery", "see `tongchuan delivery list`"
            )
        if any(o.target == receipt_id for o in ledger.overrides("withdraw")):
            raise ConfigurationError(f"{receipt_id} was withdrawn before")
        ledger.add_override("withdraw", receipt_id, reason, by, {"accepted": known.accepted})


def reingest(
    root: DataRoot, ledger: Ledger, catalog: Catalog, *, progress: Progress = _silent
) -> list[DeliveryRecord]:
    """Make `raw/` again from the archive, for `rebuild`.

    Deliveries that the ledger knows keep their receipt and their record; those it does not know
    (a ledger that was lost) are answered and recorded as if they came now. Recorded overrides
    apply. Returns the records whose outcome differs from the ledger's.
    """
    with exclusive(root.lock, "rebuild"):
        accepted = {o.target for o in ledger.overrides("accept")}
        different = []
        everything = archived(root)
        queue = sorted(
            (t for t in everything if not t.is_duplicate),
            key=lambda t: (t.day.day, t.received_at),
        )
        for again in (t for t in everything if t.is_duplicate):
            if ledger.delivery(again.receipt_id) is None:
                land(root, ledger, catalog, again, _outcome(root, ledger, catalog, again))
        deferred: set[str] = set()
        for position, taken in enumerate(queue, start=1):
            progress(
                f"[{position}/{len(queue)}] {taken.provider}/{taken.extract} {taken.file_name}"
            )
            known = ledger.delivery(taken.receipt_id)
            outcome = _outcome(
                root, ledger, catalog, taken, ignore_envelope=taken.receipt_id in accepted
            )
            if _awaits_original(outcome, taken, deferred):
                queue.append(taken)
                continue
            if known is None:
                land(root, ledger, catalog, taken, outcome)
                continue
            write_raw(root, outcome)
            if (known.status, known.accepted) != (outcome.record.status, outcome.record.accepted):
                different.append(outcome.record)
        return different
