"""What is wrong with the catalogue, and where."""

from __future__ import annotations

from pathlib import Path


class CatalogError(ValueError):
    """A contract, list, rule or grant cannot be used as written.

    Attributes:
        exit_code: the command line's exit code for wrong configuration.
    """

    exit_code = 2

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        """Say file, line (1-based) and what is wrong."""
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {message}")
        self.path, self.line = path, line
