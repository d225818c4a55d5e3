"""One delivery from its bytes to its outcome. Pure but for reading: nothing is written here."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from catalog import ANY_PROVIDER, Catalog, ExtractContract
from foundation.errors import ConfigurationError
from foundation.files import sha256_file
from foundation.paths import DataRoot
from ingest.clean import Context
from ingest.containers import read_table
from ingest.corrections import RULE as CORRECTED
from ingest.corrections import corrected_rows
from ingest.envelope import Counts, check_balance, check_control, check_whole
from ingest.headers import Mapping, map_headers
from ingest.naming import BusinessDate, Control
from ingest.original import find_original
from ingest.receipt import Lines
from ingest.refusal import Refusal
from ingest.rows import Judged, judge
from ingest.table import Table, shown_lines
from ledger import DeliveryRecord, Ledger, RuleCount
from ledger.records import DeliveryStatus


@dataclass(frozen=True)
class Outcome:
    """What one delivery came to.

    Attributes:
        table, judged: None when the file could not be read at all.
        root_lines: for a corrected return, the original line of each row of the table.
    """

    record: DeliveryRecord
    table: Table | None = None
    judged: Judged | None = None
    root_lines: pl.Series | None = None

    @property
    def shown_lines(self) -> Lines:
        """The first lines of each rule that blanked or warned, as clerks read them."""
        if self.table is None or self.judged is None:
            return {}
        is_workbook = self.table.is_workbook
        found = self.judged.first_lines.items()
        return {key: shown_lines(at, is_workbook=is_workbook).to_list() for key, at in found}


def examine(
    path: Path,
    record: DeliveryRecord,
    day: BusinessDate,
    control: Control | None,
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    *,
    ignore_envelope: bool = False,
) -> Outcome:
    """Read and check one delivery. The bytes are hashed again while they are read.

    Args:
        record: what is known before reading (identity, business date, receipt id).
        ignore_envelope: an override lets it in: bounds do not refuse it.

    Raises:
        ConfigurationError: the bytes are not those that the record names.
    """
    with ThreadPoolExecutor(1) as pool:
        hashing = pool.submit(sha256_file, path)
        outcome = _examine(path, record, day, control, root, ledger, catalog, ignore_envelope)
        _check_unchanged(hashing, record)
    return outcome


def _check_unchanged(hashing: Future[str], record: DeliveryRecord) -> None:
    if hashing.result() != record.file_sha256:
        raise ConfigurationError(
            f"the file of delivery {record.receipt_id} changed after it was taken",
            "restore archive/ from backup; nothing of this delivery was used",
        )


def _examine(
    path: Path,
    record: DeliveryRecord,
    day: BusinessDate,
    control: Control | None,
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    ignore_envelope: bool,
) -> Outcome:
    table: Table | None = None
    judged: Judged | None = None
    try:
        contract = _contract(record, catalog)
        record = dataclasses.replace(record, contract_version=contract.version)
        check_control(control, record.file_sha256, None)
        table = read_table(path, contract, Context(catalog, record.business_date))
        record = dataclasses.replace(record, encoding=table.encoding, skipped=table.skipped)
        mapping = map_headers(contract, table.headers)
        check_control(control, record.file_sha256, table.read)
        original = find_original(table, mapping, record, root, ledger)
        if original is not None:
            record = dataclasses.replace(
                record,
                return_of=original.record.return_of or original.record.receipt_id,
                business_date=original.record.business_date,
                date_source="return",
                delivery_order=f"0:{record.delivery_id}",
            )
        context = Context(catalog, record.business_date, original is not None)
        lines = original.lines if original is not None else None
        judged = judge(table, mapping, contract, context, lines)
        record = _counted(record, table, judged, mapping, day)
        check_whole(record, contract, ledger, ignore_envelope)
        record = _with_corrections(record, judged, contract, root, ledger)
        return Outcome(record, table, judged, lines)
    except Refusal as refusal:
        return Outcome(_refused(record, refusal, table), table, judged)


def _contract(record: DeliveryRecord, catalog: Catalog) -> ExtractContract:
    contract = catalog.extracts.get(record.extract)
    if contract is None:
        raise Refusal("R-FILE-02", "没有登记这样的数据资源目录")
    if contract.provider not in (ANY_PROVIDER, record.provider):
        owner = catalog.departments[contract.provider].title_cn
        raise Refusal("R-FILE-03", f"此数据资源由{owner}提供")
    return contract


def _counted(
    record: DeliveryRecord,
    table: Table,
    judged: Judged,
    mapping: Mapping,
    day: BusinessDate,
) -> DeliveryRecord:
    counts = Counts(
        read=table.read,
        accepted=int(np.count_nonzero(judged.keep)),
        rejected=len(judged.rejected) + len(table.broken),
        duplicate=judged.duplicates,
    )
    check_balance(counts)
    rules = list(judged.rules)
    broken: dict[str, int] = {}
    for line in table.broken:
        broken[line.rule_id] = broken.get(line.rule_id, 0) + 1
    rules += [RuleCount(rule, "reject", "", rows) for rule, rows in sorted(broken.items())]
    rules += [RuleCount("R-COL-03", "warn", n, table.read) for n in mapping.missing_optional]
    unknown = dict.fromkeys(n[:100] for n in mapping.unknown)
    rules += [RuleCount("R-COL-04", "warn", n, table.read) for n in unknown]
    if day.is_ambiguous:
        rules.append(RuleCount("R-NAME-01", "warn", "", table.read))
    if record.business_date > record.received_at.date():
        rules.append(RuleCount("R-NAME-02", "warn", "", table.read))
    status: DeliveryStatus = "partly_accepted" if counts.rejected else "accepted"
    return dataclasses.replace(
        record,
        status=status,
        rules=tuple(rules),
        read=counts.read,
        accepted=counts.accepted,
        rejected=counts.rejected,
        duplicate=counts.duplicate,
    )


def _with_corrections(
    record: DeliveryRecord,
    judged: Judged,
    contract: ExtractContract,
    root: DataRoot,
    ledger: Ledger,
) -> DeliveryRecord:
    known = ledger.delivery(record.receipt_id)
    is_answered = known is not None and known.status in ("accepted", "partly_accepted")
    if contract.mode != "append" or is_answered:  # its receipt stands (`rebuild`)
        return record
    rows = corrected_rows(judged.accepted, record, contract, ledger.active_deliveries(), root)
    if not rows:
        return record
    told = RuleCount(CORRECTED, "warn", "、".join(c.name for c in contract.key), rows)
    return dataclasses.replace(record, rules=(*record.rules, told))


def _refused(record: DeliveryRecord, refusal: Refusal, table: Table | None) -> DeliveryRecord:
    """Nothing of a refused delivery is accepted: every record that was read went back."""
    read = table.read if table is not None else 0
    return dataclasses.replace(
        record,
        status="refused",
        refused_rule=refusal.rule_id,
        refused_message_cn=refusal.message_cn,
        read=read,
        accepted=0,
        rejected=read,
        duplicate=0,
    )
