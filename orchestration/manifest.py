"""dbt's manifest, made again only when the project or the contracts changed."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from foundation.files import write_text
from foundation.lock import exclusive
from foundation.paths import DataRoot
from orchestration.dbt_build import manifest_path, parse
from sharing.certificate import code_fingerprint


@lru_cache(maxsize=1)
def manifest() -> dict[str, Any]:
    """The manifest of the present code."""
    root = DataRoot.from_environment()
    path = manifest_path(root)
    stamp = path.with_name("manifest.code")
    if stamp.exists() and stamp.read_text() == code_fingerprint():
        known = _read(path)
        if known is not None:
            return known
    with exclusive(root.build / "parse.lock", "dbt parse"):
        parse(root)
        write_text(stamp, code_fingerprint())
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _read(path: Path) -> dict[str, Any] | None:
    """What dbt left; None where it is absent or was cut off: dbt does not write it in one step."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return content
