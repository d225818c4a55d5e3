"""Objects that no release holds: what a killed release step left behind."""

from __future__ import annotations

import logging

from foundation.errors import IntegrityError
from foundation.failpoint import failpoint
from foundation.files import fsync_path
from sharing.store import Store

logger = logging.getLogger("tongchuan.sharing")


def remove_orphans(store: Store) -> int:
    """Remove objects that no release names; the caller holds the lock.

    An object that a release folder is linked to is never looked at twice: only where files without
    a second link lie are the manifests read, all of them. If one cannot be read nothing is removed:
    what it names is not known.

    Returns:
        How many were removed.
    """
    loose = sorted(p for p in store.objects.glob("*.parquet") if p.stat().st_nlink == 1)
    if not loose:
        return 0
    try:
        named = {s.sha256 for n in store.numbers() for s in store.release(n).products.values()}
    except (IntegrityError, KeyError) as error:
        logger.warning("%d objects are left: a manifest is damaged: %s", len(loose), error)
        return 0
    orphans = [path for path in loose if path.stem not in named]
    for path in orphans:
        path.unlink()
        failpoint("objects.removed")
    fsync_path(store.objects)
    return len(orphans)
