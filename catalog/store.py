"""The whole catalogue, read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from catalog.codes import CodeList, read_code_list
from catalog.contracts import Column, ExtractContract, ProductContract
from catalog.departments import Department, read_departments
from catalog.errors import CatalogError
from catalog.geography import Geography, read_geography
from catalog.grants import Grant, read_grants
from catalog.reading import read_extract, read_product
from catalog.rules import Rule, read_rules
from catalog.survivorship import Matrix, read_matrices

FOLDER = Path(__file__).resolve().parent
# The provider of an extract that every department delivers.
ANY_PROVIDER = "*"


@dataclass(frozen=True)
class Catalog:
    """Contracts, lists, rules, departments, grants of one folder. Read on first use."""

    folder: Path

    @cached_property
    def extracts(self) -> dict[str, ExtractContract]:
        """Extract contracts by id (`population/household_registration`)."""
        paths = sorted(self.folder.glob("extracts/*/*.odcs.yml"))
        found = {contract.id: contract for contract in map(read_extract, paths)}
        for name, contract in found.items():
            if contract.provider != ANY_PROVIDER and contract.provider not in self.departments:
                raise CatalogError(contract.path, None, f"unknown provider {contract.provider!r}")
            self._check_lists(contract)
            found[name] = replace(contract, columns=tuple(map(self._with_listed, contract.columns)))
        return found

    def _with_listed(self, column: Column) -> Column:
        """The column, where a word of its code list (未知) means that code and not no value."""
        lists = [c.params["list"] for c in column.checks if c.kind == "in_code_list"]
        known = {name for told in lists for name in self.code_list(told).by_name}
        if known.isdisjoint(column.null_words):
            return column
        return replace(column, null_words=tuple(w for w in column.null_words if w not in known))

    def _check_lists(self, contract: ExtractContract | ProductContract) -> None:
        for column in contract.columns:
            for check in column.checks:
                wanted = check.params.get("list")
                if wanted and not (self.folder / "codes" / f"{wanted}.csv").exists():
                    raise CatalogError(contract.path, None, f"no code list {wanted!r}")
                rule = check.params.get("rule")
                if rule and rule not in self.rules:
                    raise CatalogError(contract.path, None, f"no rule {rule!r}")

    @cached_property
    def products(self) -> dict[str, ProductContract]:
        """Product contracts by id (`population.person`)."""
        grades = {
            f"{extract.id}.{column.name}": column.grade
            for extract in self.extracts.values()
            for column in extract.columns
        }
        paths = sorted(self.folder.glob("products/*/*.odcs.yml"))
        found = {p.id: p for p in (read_product(path, dict(grades)) for path in paths)}
        for contract in found.values():
            self._check_lists(contract)
            for column in contract.columns:
                for target in column.references:
                    product, _, name = target.rpartition(".")
                    if product not in found or name not in found[product].by_name:
                        raise CatalogError(contract.path, None, f"no column {target!r} to refer to")
        return found

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The register of rules, by id."""
        return read_rules(self.folder / "rules.yml")

    @cached_property
    def departments(self) -> dict[str, Department]:
        """Departments by name (`public_security`)."""
        return read_departments(self.folder / "departments.yml")

    def provider_title(self, provider: str) -> str:
        """What clerks call a provider."""
        return "各部门" if provider == ANY_PROVIDER else self.departments[provider].title_cn

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Every grant; each refers to an existing product and its columns."""
        return read_grants(self.folder / "grants", self.products)

    @cached_property
    def survivorship(self) -> dict[str, Matrix]:
        """Whose word counts for each value of a product, by domain."""
        return read_matrices(self.folder / "survivorship", self.extracts, self.products)

    @cached_property
    def geography(self) -> Geography:
        """Where the city lies, and how far geometry may be mended."""
        return read_geography(self.folder / "geography.yml")

    @lru_cache(maxsize=64)  # noqa: B019  (one catalogue lives as long as the process)
    def code_list(self, name: str) -> CodeList:
        """A code list by name (`sex`)."""
        return read_code_list(self.folder / "codes" / f"{name}.csv")

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every file of the catalogue: which contracts a release was made under."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.suffix in {".yml", ".csv"}:
                digest.update(str(path.relative_to(self.folder)).encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The catalogue of this installation."""
    return Catalog(FOLDER)
