"""Writes the YAML of this dbt project that is made from the contracts.

Run it after a change to a contract: `python dbt_project/regenerate.py`. It prints what it changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))


def main() -> None:
    """Write every generated file that differs from the contracts."""
    from catalog import catalog
    from catalog.dbt_models import generated_files

    for name, text in generated_files(catalog()).items():
        path = HERE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
