"""The departments that deliver and receive: `departments.yml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from catalog.yamlfile import StrictModel, YamlFile


class Department(StrictModel):
    """A department.

    Attributes:
        unix_group: the group that may read its receipts, if the city set one up.
    """

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    title_cn: str
    title_2017_cn: str
    uscc: str = "待编"
    contact: str = "待编"
    unix_group: str | None = None


class _File(StrictModel):
    departments: list[Department]


def read_departments(path: Path) -> dict[str, Department]:
    """Departments by name.

    Raises:
        CatalogError: the file does not fit, or a name stands twice.
    """
    file = YamlFile(path)
    found: dict[str, Department] = {}
    for position, department in enumerate(file.parse(_File).departments):
        if department.name in found:
            raise file.error(("departments", position), f"{department.name} stands twice")
        found[department.name] = department
    return found
