"""Survivorship (一数一源): whose word counts for each value of a product, as data.

`survivorship/<domain>.yml` says for each attribute which columns of which extracts state it, in
which order they are believed, which statement of one source counts (the newest, the earliest), and
since when it is true in the world. `dbt_survivorship` makes the macro that the models read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from catalog.contracts import ExtractContract, ProductContract
from catalog.yamlfile import Location, StrictModel, YamlFile

# Words of SQL that an expression may hold beside columns and functions.
_SQL_WORDS = frozenset(
    {
        "and", "as", "between", "case", "date", "decimal", "distinct", "else", "end", "false",
        "from", "in", "integer", "is", "like", "not", "null", "or", "then", "timestamp", "true",
        "varchar", "when",
    }
)  # fmt: skip
_MACRO = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TEXT = re.compile(r"'[^']*'")
_WORD = re.compile(r"\b[A-Za-z_]\w*\b(?!\s*\()")
# Columns that stand beside the contract's in every record.
_BESIDE = {"business_date"}


class Record(StrictModel):
    """How records of one extract are ordered and dated. Texts are SQL over the extract's columns.

    Attributes:
        roles: who in the record a statement is about.
        preferred_when: such records speak before the others of the extract, unless a source says by
            itself (newest_by, earliest_by) which statement counts.
        updated_at: when the record was last touched; the business date where it is not told.
        valid_from: since when its statements are true; the date of `updated_at` by default.
    """

    extract: str
    roles: list[str] = Field(default=["本人"], min_length=1)
    preferred_when: str | None = None
    preferred_cn: str = ""
    updated_at: str = "cast(business_date as timestamp)"
    valid_from: str = "business_date"


class Source(StrictModel):
    """One column that states the attribute.

    Attributes:
        role: whose statement; None: everybody's in the record.
        level: `next` is believed after the source before it, `same` as much as it.
        expression: SQL that makes the value; the column itself by default.
        when: only records of which this holds state anything.
        newest_by: among one level the newest by this counts; by default by the record's update.
        earliest_by: among one level the earliest by this counts.
        valid_to: the last day on which the statement is true; later it states nothing.
    """

    extract: str
    role: str | None = None
    column: str
    level: str = Field(default="next", pattern="^(next|same)$")
    expression: str | None = None
    when: str | None = None
    newest_by: str | None = None
    earliest_by: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    @model_validator(mode="after")
    def _one_order(self) -> Source:
        if self.newest_by and self.earliest_by:
            raise ValueError("newest_by and earliest_by exclude each other")
        return self


class Fallback(StrictModel):
    """What stands for the value when no source states it: SQL over another column's value."""

    of: str
    expression: str


class Attribute(StrictModel):
    """One value of the product.

    Attributes:
        follows: the attribute from whose record this one is taken, and from no other.
        otherwise: what the product says (as SQL) when nobody states anything; NULL by default.
    """

    attribute: str
    reason_cn: str
    follows: str | None = None
    sources: list[Source] = Field(min_length=1)
    fallback: Fallback | None = None
    otherwise: str | None = Field(None, pattern="^(true|false)$")


class _File(StrictModel):
    domain: str
    product: str
    records: list[Record] = Field(min_length=1)
    attributes: list[Attribute] = Field(min_length=1)
    computed: dict[str, list[str]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Matrix:
    """The survivorship of one product. `computed`: columns made from values of attributes."""

    domain: str
    product: str
    records: tuple[Record, ...]
    attributes: tuple[Attribute, ...]
    computed: dict[str, tuple[str, ...]]

    @property
    def by_name(self) -> dict[str, Attribute]:
        """Attributes by name."""
        return {attribute.attribute: attribute for attribute in self.attributes}

    def levels(self, attribute: Attribute) -> list[int]:
        """How far each source of an attribute is believed, 1 before 2."""
        found: list[int] = []
        for source in attribute.sources:
            last = found[-1] if found else 0
            found.append(last if source.level == "same" and found else last + 1)
        return found


def read_matrices(
    folder: Path, extracts: dict[str, ExtractContract], products: dict[str, ProductContract]
) -> dict[str, Matrix]:
    """Every matrix of `<folder>/*.yml` by domain, checked against the contracts.

    Raises:
        CatalogError: a file does not fit, or names an extract, column, role or attribute that is
            not; with file and line.
    """
    return {
        path.stem: _Reader(YamlFile(path), extracts, products).matrix()
        for path in sorted(folder.glob("*.yml"))
    }


class _Reader:
    """Checks one file."""

    def __init__(
        self,
        file: YamlFile,
        extracts: dict[str, ExtractContract],
        products: dict[str, ProductContract],
    ) -> None:
        self._file, self._extracts, self._products = file, extracts, products

    def matrix(self) -> Matrix:
        told = self._file.parse(_File)
        if told.domain != self._file.path.stem:
            raise self._file.error(("domain",), f"the file is named {self._file.path.stem!r}")
        product = self._products.get(told.product)
        if product is None or product.domain != told.domain:
            raise self._file.error(("product",), f"no product {told.product!r} of this domain")
        self._check_records(told.records)
        records = {record.extract: record for record in told.records}
        known: dict[str, Attribute] = {}
        for position, attribute in enumerate(told.attributes):
            where: Location = ("attributes", position)
            self._check_attribute(attribute, where, product, known, records)
            known[attribute.attribute] = attribute
        self._check_computed(told, product, known)
        computed = {name: tuple(sources) for name, sources in told.computed.items()}
        return Matrix(
            told.domain, told.product, tuple(told.records), tuple(told.attributes), computed
        )

    def _check_records(self, records: list[Record]) -> None:
        seen: set[str] = set()
        for position, record in enumerate(records):
            where: Location = ("records", position)
            if record.extract in seen:
                raise self._file.error(where, f"{record.extract} stands twice")
            seen.add(record.extract)
            contract = self._extract(record.extract, (*where, "extract"))
            if len(contract.key) != 1:
                raise self._file.error(where, f"{record.extract} has no single key column")
            if bool(record.preferred_when) != bool(record.preferred_cn):
                raise self._file.error(where, "preferred_when and preferred_cn go together")
            for name in ("preferred_when", "updated_at", "valid_from"):
                if name in record.model_fields_set:
                    self._check_sql(getattr(record, name), contract, (*where, name))

    def _check_attribute(
        self,
        attribute: Attribute,
        where: Location,
        product: ProductContract,
        known: dict[str, Attribute],
        records: dict[str, Record],
    ) -> None:
        name = attribute.attribute
        if name not in product.by_name:
            raise self._file.error((*where, "attribute"), f"{product.id} has no column {name!r}")
        if name in known:
            raise self._file.error((*where, "attribute"), f"{name} stands twice")
        if attribute.follows is not None and attribute.follows not in known:
            raise self._file.error(
                (*where, "follows"), f"no attribute {attribute.follows!r} before this one"
            )
        if attribute.fallback and attribute.fallback.of not in product.by_name:
            raise self._file.error(
                (*where, "fallback"), f"{product.id} has no column {attribute.fallback.of!r}"
            )
        for position, source in enumerate(attribute.sources):
            here: Location = (*where, "sources", position)
            self._check_source(source, here, records)
            if attribute.follows and not _leads(known[attribute.follows], position, source):
                raise self._file.error(
                    here, f"not the source of {attribute.follows} at this place: it cannot follow"
                )
            origin = f"{source.extract}.{source.column}"
            if origin not in product.by_name[name].sources:
                raise self._file.error(
                    here, f"the contract of {product.id} does not say that {name} has {origin}"
                )

    def _check_source(self, source: Source, where: Location, records: dict[str, Record]) -> None:
        contract = self._extract(source.extract, (*where, "extract"))
        if source.extract not in records:
            raise self._file.error((*where, "extract"), f"{source.extract} has no entry in records")
        if source.role is not None and source.role not in records[source.extract].roles:
            raise self._file.error((*where, "role"), f"{source.extract} has no role {source.role}")
        if source.column not in contract.by_name:
            raise self._file.error(
                (*where, "column"), f"{contract.id} has no column {source.column!r}"
            )
        for name in ("expression", "when", "newest_by", "earliest_by", "valid_from", "valid_to"):
            if text := getattr(source, name):
                self._check_sql(text, contract, (*where, name))

    def _check_computed(
        self, told: _File, product: ProductContract, known: dict[str, Attribute]
    ) -> None:
        for name, sources in told.computed.items():
            where: Location = ("computed", name)
            if name not in product.by_name or name in known:
                raise self._file.error(where, f"{name} is no column that could be computed")
            if wrong := [source for source in sources if source not in known]:
                raise self._file.error(where, f"no attribute {wrong[0]!r}")

    def _extract(self, name: str, where: Location) -> ExtractContract:
        if name not in self._extracts:
            raise self._file.error(where, f"no extract {name!r}")
        return self._extracts[name]

    def _check_sql(self, text: str, contract: ExtractContract, where: Location) -> None:
        """Every word of an expression is SQL, a function, or a column of the extract."""
        columns = {name for c in contract.columns for name in (c.name, *c.companions)} | _BESIDE
        for word in _words(text):
            if word not in columns:
                raise self._file.error(where, f"{contract.id} has no column {word!r}")


def _leads(leader: Attribute, position: int, source: Source) -> bool:
    """Whether the leader has that source at the same place: else its choice would be another."""
    same = leader.sources[position : position + 1]
    return any(s.extract == source.extract and s.role == source.role for s in same)


def _words(text: str) -> Iterator[str]:
    """Names in an expression that are neither SQL nor functions; arguments of macros too."""
    for macro in _MACRO.findall(text):
        for argument in _TEXT.findall(macro):
            yield argument.strip("'")
    plain = _TEXT.sub("", _MACRO.sub("", text))
    for word in _WORD.findall(plain):
        if word.lower() not in _SQL_WORDS:
            yield word
