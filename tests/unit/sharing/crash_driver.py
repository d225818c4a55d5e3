"""One release step (or rollback) in a process of its own, which a failpoint kills."""

from __future__ import annotations

import sys
from pathlib import Path

from sharing_world import ENTITIES, SmallGate, World

from catalog import Catalog
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from ledger import Ledger
from sharing import build_packages, rollback


def main() -> None:
    """Do what the arguments say in the world of that folder."""
    folder, action = Path(sys.argv[1]), sys.argv[2]
    root, catalog = DataRoot(folder / "data"), Catalog(folder / "catalog")
    keys, ledger = KeyRing(root.root / "keys"), Ledger.open(root)
    world = World(root, catalog, ledger, keys, SmallGate(catalog))
    if action == "release":
        world.build(entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
        world.release()
    elif action == "rollback":
        rollback(root, ledger, catalog, keys, 1, by="王", reason="有误")
    else:
        build_packages(root, ledger, catalog, keys, by="王")


if __name__ == "__main__":
    main()
