"""One delivery from its bytes to its outcome. Pure but for reading: nothing is written here."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from catalog import Catalog, ExtractContract
from foundation.errors import ConfigurationError
from foundation.files import sha256_file
from foundation.paths import DataRoot
from ingest.clean import Context
from ingest.containers import read_table
from ingest.corrections import RULE as CORRECTED
from ingest.corrections import corrected_rows
from ingest.envelope import Counts, check_balance, check_control, check_envelope, nearest_earlier
from ingest.headers import Mapping, map_headers
from ingest.naming import BusinessDate, Control
from ingest.refusal import Refusal
from ingest.rows import Judged, judge
from ingest.table import Table, line_numbers
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


@dataclass(frozen=True)
class _Original:
    record: DeliveryRecord
    lines: pl.Series
    is_returned: np.typing.NDArray[np.bool_]


def rejected_path(root: DataRoot, extract: str, receipt_id: str) -> Path:
    """Which lines of a delivery went back (line numbers and keys)."""
    return root.raw / extract / f"{receipt_id}.rejected.parquet"


def accepted_path(root: DataRoot, extract: str, receipt_id: str) -> Path:
    """The accepted rows of a delivery."""
    return root.raw / extract / f"{receipt_id}.parquet"


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
        original = _find_original(table, mapping, record, root, ledger)
        missing = None
        if original is not None:
            missing = ~original.is_returned
            record = dataclasses.replace(
                record,
                return_of=original.record.return_of or original.record.receipt_id,
                business_date=original.record.business_date,
                date_source="return",
                delivery_order=f"0:{record.delivery_id}",
            )
        context = Context(catalog, record.business_date, original is not None)
        judged = judge(table, mapping, contract, context, missing)
        record = _counted(record, table, judged, mapping, day)
        _check_whole(record, contract, ledger, ignore_envelope)
        record = _with_corrections(record, judged, contract, root, ledger)
        lines = original.lines if original is not None else None
        return Outcome(record, table, judged, lines)
    except Refusal as refusal:
        return Outcome(_refused(record, refusal, table), table, judged)


def _contract(record: DeliveryRecord, catalog: Catalog) -> ExtractContract:
    contract = catalog.extracts.get(record.extract)
    if contract is None:
        raise Refusal("R-FILE-02", "没有登记这样的数据资源目录")
    if contract.provider not in ("*", record.provider):
        owner = catalog.departments[contract.provider].title_cn
        raise Refusal("R-FILE-03", f"此数据资源由{owner}提供")
    return contract


def _find_original(
    table: Table, mapping: Mapping, record: DeliveryRecord, root: DataRoot, ledger: Ledger
) -> _Original | None:
    """For a corrected 退回明细: the delivery it corrects, and each row's original line."""
    if not mapping.is_return or table.cells.height == 0:
        return None
    ids = table.cells[str(mapping.receipt)].str.strip_chars().unique().drop_nulls().to_list()
    if len(ids) != 1:
        raise Refusal("R-RET-03", f"文件中有 {len(ids)} 个回执号，应当只有一个")
    original = ledger.delivery(ids[0])
    if original is None:
        raise Refusal("R-RET-01", "回执号不存在")
    if (original.provider, original.extract) != (record.provider, record.extract):
        raise Refusal("R-RET-04", "回执号属于其他部门或其他数据资源")
    numbers = line_numbers(table.cells[str(mapping.line)])
    path = rejected_path(root, record.extract, original.receipt_id)
    if original.status == "refused":
        raise Refusal("R-RET-01", "该回执的文件整份未被接收，请改正后重新报送整份文件")
    if not path.exists():
        raise Refusal("R-RET-01", "该回执没有退回的行")
    known = pl.read_parquet(path, columns=["line", "root_line"]).unique("line")
    joined = pl.DataFrame({"line": numbers}).join(
        known, on="line", how="left", maintain_order="left"
    )
    lines = joined["root_line"]
    return _Original(original, lines, lines.is_not_null().to_numpy())


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


def _check_whole(
    record: DeliveryRecord, contract: ExtractContract, ledger: Ledger, ignore_envelope: bool
) -> None:
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
