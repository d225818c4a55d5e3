"""YAML with line numbers: every error names the file and the line it stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.errors import CatalogError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound="StrictModel")
Location = tuple[str | int, ...]


class StrictModel(BaseModel):
    """A part of a catalogue file. An unknown key is a typo, and an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class YamlFile:
    """One parsed YAML file and the line of each of its nodes."""

    def __init__(self, path: Path) -> None:
        """Read and parse.

        Raises:
            CatalogError: the file is no YAML, holds a key twice, or is empty.
        """
        self.path = path
        self._lines: dict[Location, int] = {}
        loader = _Loader(path.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            if node is None:
                raise CatalogError(path, 1, "the file is empty")
            self._index(node, ())
            self.data: Any = loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise CatalogError(path, line, f"not valid YAML: {error.problem}") from None
        finally:
            loader.dispose()

    def _index(self, node: yaml.Node, where: Location) -> None:
        self._lines[where] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise CatalogError(self.path, line, f"the key {key.value!r} stands twice")
                seen.add(key.value)
                self._index(value, (*where, key.value))
                self._lines[(*where, key.value)] = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self._index(item, (*where, position))
                self._index_property(item, where)

    def _index_property(self, item: yaml.Node, where: Location) -> None:
        """`{property: mode, value: …}` in a list is also known by its name."""
        parts = item.value if isinstance(item, yaml.MappingNode) else []
        told = {key.value: value for key, value in parts if isinstance(key, yaml.ScalarNode)}
        name = told.get("property")
        if isinstance(name, yaml.ScalarNode) and "value" in told:
            self._index(told["value"], (*where, name.value))
            self._lines[(*where, name.value)] = item.start_mark.line + 1

    def line(self, where: Location) -> int:
        """The line of a node, or of its nearest parent that has one."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where, 1)

    def error(self, where: Location, message: str) -> CatalogError:
        """An error at a node."""
        return CatalogError(self.path, self.line(where), message)

    def parse(self, model: type[Model], data: Any = None, where: Location = ()) -> Model:
        """Validate (a part of) the file against a model.

        Raises:
            CatalogError: the first thing that does not fit, with its line.
        """
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as problem:
            errors = problem.errors()  # a misspelt key is also a missing one: say where it stands
            first = next((e for e in errors if e["type"] != "missing"), errors[0])
            found = tuple(p for p in first["loc"] if isinstance(p, str | int))
            name = ".".join(str(part) for part in (*where, *found))
            raise self.error((*where, *found), f"{name}: {first['msg']}") from None
