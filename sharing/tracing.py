"""What stands behind a published row: candidates, records and their versions, objections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from catalog import Catalog, ProductContract
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from ingest.evidence import place, versions
from ledger import DeliveryRecord, Ledger
from sharing.duck import ident, qualified
from sharing.query import open_release
from sharing.store import Release


@dataclass(frozen=True)
class Evidence:
    """One record that stands behind a value: the chosen candidate, another one, or a version.

    Attributes:
        line: as the department finds it (`15`, `工作表2!15`).
        why: why it was chosen, or why not.
    """

    value: Any
    is_chosen: bool
    why: str
    extract: str
    extract_cn: str
    provider: str
    provider_cn: str
    record_key: str
    role: str | None
    source_column: str | None
    source_column_cn: str | None
    delivery_id: str | None
    file_name: str | None
    business_date: str | None
    line: str
    observed_at: str | None
    correction_id: str | None = None


@dataclass
class Trace:
    """The answer. `steps` says how the asked row and column were found (followed ids, columns)."""

    release: int
    table: str
    key: dict[str, Any]
    column: str | None
    value: Any = None
    steps: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    objections: list[dict[str, Any]] = field(default_factory=list)


class Tracer:
    """One question over one release."""

    def __init__(
        self,
        root: DataRoot,
        ledger: Ledger,
        catalog: Catalog,
        release: Release,
        contract: ProductContract,
    ) -> None:
        self.root, self.ledger, self.catalog = root, ledger, catalog
        self.release, self.contract = release, contract
        self.connection = open_release(root, release)
        self.matrix = next(
            (m for m in catalog.survivorship.values() if m.product == contract.id), None
        )
        inputs = {told["delivery_id"] for told in release.certificate["inputs"]}
        self.deliveries = {
            record.receipt_id: record
            for record in ledger.deliveries()
            if record.delivery_id in inputs and record.receipt_id == record.delivery_id
        }

    def answer(self, key: dict[str, str], column: str | None) -> Trace:
        """Everything behind the row with that key, or behind one of its columns.

        Raises:
            ConfigurationError: no such row, or no single origin.
        """
        answer = Trace(self.release.number, self.contract.id, dict(key), column)
        row = self._row(answer)
        if column is not None:
            answer.value = row[column]
        if self.matrix is not None:
            self._attributes(answer)
        else:
            self._records(answer, row)
        self._objections(answer)
        return answer

    def _select(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql, list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _row(self, answer: Trace) -> dict[str, Any]:
        """The published row; an id that became another one is followed."""
        where = " AND ".join(f"CAST({ident(name)} AS VARCHAR) = ?" for name in answer.key)
        sql = f"SELECT * FROM {qualified(self.contract.id)} WHERE {where}"
        rows = self._select(sql, *answer.key.values())
        if not rows and self._follow(answer):
            rows = self._select(sql, *answer.key.values())
        if not rows:
            raise ConfigurationError(
                "该发布中没有这一行 / the release has no such row", "check the key and --as-of"
            )
        return rows[0]

    def _follow(self, answer: Trace) -> bool:
        product = f"{self.contract.id}_succession"
        if len(answer.key) != 1 or product not in self.release.products:
            return False
        (name, old), followed = next(iter(answer.key.items())), set()
        while old not in followed:
            followed.add(old)
            steps = self._select(f"SELECT * FROM {qualified(product)} WHERE old_id = ?", old)
            if not steps:
                break
            told = steps[0]
            answer.steps.append(
                f"标识 {old} 自 {told['since']} 起为 {told['new_id']}（{told['reason']}）"
            )
            old = told["new_id"]
        answer.key[name] = old
        return bool(answer.steps)

    def _attributes(self, answer: Trace) -> None:
        """Evidence of a value that was chosen among candidates."""
        assert self.matrix is not None
        product = _attribute_product(self.contract)
        if product not in self.release.products:
            raise ConfigurationError(f"该发布中没有 {product} / the release has no {product}")
        wanted = self._wanted(answer)
        key = self.contract.key[0].name
        marks = ", ".join("?" * len(wanted))
        rows = self._select(
            f"SELECT * FROM {qualified(product)} WHERE {key} = ? AND attribute IN ({marks}) "
            "ORDER BY attribute, is_chosen DESC, candidate_rank, extract, record_key, role, method",
            answer.key[key],
            *wanted,
        )
        chosen = {row["attribute"]: row for row in rows if row["is_chosen"]}
        answer.evidence = [self._candidate(row, chosen.get(row["attribute"])) for row in rows]
        if not rows:
            answer.steps.append("各来源均未陈述该值 / no source states it")

    def _wanted(self, answer: Trace) -> list[str]:
        assert self.matrix is not None
        names = [attribute.attribute for attribute in self.matrix.attributes]
        column = answer.column
        if column is None:
            return names
        if column in self.matrix.computed:
            made = list(self.matrix.computed[column])
            answer.steps.append(f"{column} 由 {'、'.join(made)} 计算得出 / computed from them")
            return made
        if column not in self.matrix.by_name:
            raise ConfigurationError(
                f"{column} 不取自单一记录 / has no single origin: it is made of every record of "
                f"the subject ({self.contract.by_name[column].description})",
                f"ask for an attribute: {', '.join(names)}",
            )
        return [column]

    def _candidate(self, row: dict[str, Any], chosen: dict[str, Any] | None) -> Evidence:
        why = row["chosen_because"] if row["is_chosen"] else _why_not(row, chosen)
        return self._evidence(
            row["attribute_value"],
            row["is_chosen"],
            f"{row['attribute']}：{why}",
            row["extract"],
            row["record_key"],
            row["role"],
            row["source_column"],
            self._delivery(row["delivery_id"]),
            row["delivery_id"],
            row["line"],
            row["observed_at"],
            row["correction_id"],
        )

    def _delivery(self, delivery_id: str | None) -> DeliveryRecord | None:
        return self.ledger.delivery(delivery_id) if delivery_id else None

    def _evidence(
        self,
        value: Any,
        is_chosen: bool,
        why: str,
        extract: str,
        record_key: str,
        role: str | None,
        source_column: str | None,
        delivery: DeliveryRecord | None,
        delivery_id: str | None,
        line: int | None,
        observed_at: Any = None,
        correction_id: str | None = None,
    ) -> Evidence:
        contract = self.catalog.extracts[extract]
        column = contract.by_name.get(source_column or "")
        provider = delivery.provider if delivery else contract.provider
        department = self.catalog.departments.get(provider)
        origin = self._delivery(delivery.return_of) if delivery and delivery.return_of else delivery
        return Evidence(
            value=value,
            is_chosen=is_chosen,
            why=why,
            extract=extract,
            extract_cn=contract.title_cn,
            provider=provider,
            provider_cn=department.title_cn if department else provider,
            record_key=record_key,
            role=role,
            source_column=source_column,
            source_column_cn=column.title_cn if column else None,
            delivery_id=delivery_id,
            file_name=delivery.file_name if delivery else None,
            business_date=str(delivery.business_date) if delivery else None,
            line=place(line, origin.file_name if origin else ""),
            observed_at=str(observed_at) if observed_at is not None else None,
            correction_id=correction_id,
        )

    def _records(self, answer: Trace, row: dict[str, Any]) -> None:
        """Evidence of a row that is one record: carried by the row, or found by its origin."""
        if row.get("delivery_id") is not None and "line" in row:
            delivery = self._delivery(row["delivery_id"])
            extract = row.get("extract") or (delivery.extract if delivery else None)
            if extract is None:
                raise ConfigurationError("台账中没有该交付 / the ledger lacks the delivery")
            value = row[answer.column] if answer.column else None
            record = str(row.get("record_key") or "/".join(answer.key.values()))
            answer.evidence.append(
                self._evidence(value, True, "该行取自这条记录", extract, record, row.get("role"),
                               None, delivery, row["delivery_id"], row["line"])
            )  # fmt: skip
            return
        if row.get("extract") and row.get("record_key"):
            contract = self.catalog.extracts[row["extract"]]
            parts = dict(zip((c.name for c in contract.key), [row["record_key"]], strict=False))
            self._versions(answer, contract.id, parts, row, None)
        for origin in self.contract.origins:
            key = {theirs: row[ours] for ours, theirs in origin.key.items()}
            self._versions(answer, origin.extract, key, row, origin.subject)
        if not self.contract.origins and not answer.evidence:
            made = sorted({s.rpartition(".")[0] for c in self.contract.columns for s in c.sources})
            raise ConfigurationError(
                f"{self.contract.id} 的一行不出自单一记录 / a row has no single origin",
                f"it is made from: {', '.join(made) or 'code lists of the catalogue'}",
            )

    def _versions(
        self,
        answer: Trace,
        extract: str,
        key: dict[str, Any],
        row: dict[str, Any],
        subject: str | None,
    ) -> None:
        contract = self.catalog.extracts[extract]
        own = [record for record in self.deliveries.values() if record.extract == extract]
        found = versions(self.root, contract, own, key)
        if subject is not None:
            mine = self._records_of(contract.domain, subject, row[subject], extract)
            found = [version for version in found if version.record_key in mine]
        counted: set[str] = set()
        for version in found:
            is_newest = version.record_key not in counted
            counted.add(version.record_key)
            why = "该记录现行的一行" if is_newest else "同一记录较早的一行"
            answer.evidence.append(
                self._evidence(
                    None, is_newest, why, extract, version.record_key, None, None,
                    self._delivery(version.delivery_id), version.delivery_id, version.line,
                    version.updated_at,
                )
            )  # fmt: skip

    def _records_of(self, domain: str, subject: str, value: str, extract: str) -> set[str]:
        """Keys of a subject's records in an extract, from the attribute product."""
        product = _attribute_product(
            self.catalog.products[self.catalog.survivorship[domain].product]
        )
        rows = self._select(
            f"SELECT DISTINCT record_key FROM {qualified(product)} "
            f"WHERE {ident(subject)} = ? AND extract = ?",
            value,
            extract,
        )
        return {row["record_key"] for row in rows}

    def _objections(self, answer: Trace) -> None:
        """Open objections on the records behind the value."""
        product = f"{self.contract.domain}.objection"
        if product not in self.release.products or self.contract.id == product:
            return
        records = {(told.extract, told.record_key) for told in answer.evidence}
        columns = {told.source_column for told in answer.evidence if told.source_column}
        for extract, record_key in sorted(records):
            for row in self._select(
                f"SELECT objection_id, rule_id, extract, record_key, attribute, opened_date FROM "
                f"{qualified(product)} WHERE extract = ? AND record_key = ? ORDER BY objection_id",
                extract,
                record_key,
            ):
                if answer.column is None or row["attribute"] in columns or not columns:
                    title = self.catalog.rules[row["rule_id"]].title_cn
                    answer.objections.append({**row, "title_cn": title})


def _attribute_product(contract: ProductContract) -> str:
    return f"{contract.id}_attribute"


def _why_not(row: dict[str, Any], chosen: dict[str, Any] | None) -> str:
    """Why a candidate was not chosen, against the one that was."""
    if chosen is None:
        return "所跟随的取值出自另一条记录"
    if chosen["method"] == "correction":
        return "有人工更正"
    if row["source_level"] != chosen["source_level"]:
        return f"来源次序在后（第 {row['source_level']} 层）"
    if chosen["is_preferred"] and not row["is_preferred"]:
        return "同一来源中另有优先的记录"
    if row["attribute_value"] == chosen["attribute_value"]:
        return "与选用的值相同"
    return "同层来源中另一条记录按时间次序在先"
