"""Packages that are loaded when something of them is used, not when they are imported."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands in `sys.modules` for a package until it is asked for anything.

    `importlib.util.LazyLoader` is no help: there, a second `import` already loads.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked for by the import system itself
            raise AttributeError(name)
        own = self.__name__
        if sys.modules.get(own) is self:
            del sys.modules[own]
        return getattr(importlib.import_module(own), name)


def load_later(*names: str) -> None:
    """Postpone loading these packages, unless they are loaded."""
    for name in names:
        sys.modules.setdefault(name, _Later(name))
