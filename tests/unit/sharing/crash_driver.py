"""One release step (or rollback) in a process of its own, which a failpoint kills."""

from __future__ import annotations

import os
from pathlib import Path

from sharing_world import ENTITIES, PERSONS, World

from sharing import build_packages, recover, rollback


def act(folder: Path, action: str, failpoint: str) -> None:
    """Do something in the world of that folder until the failpoint is reached."""
    os.environ["TONGCHUAN_FAILPOINT"] = failpoint
    world = World.open(folder)
    root, ledger, catalog, keys = world.root, world.ledger, world.catalog, world.keys
    if action == "release":
        world.build(entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
        world.release()
    elif action == "other release":
        world.build(persons=PERSONS[:3], entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
        world.release()
    elif action == "recover":
        recover(root, ledger, catalog, keys)
    elif action == "rollback":
        rollback(root, ledger, catalog, keys, 1, by="王", reason="有误")
    else:
        build_packages(root, ledger, catalog, keys, by="王")
