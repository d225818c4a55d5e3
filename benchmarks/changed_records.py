"""What a night costs identity, values and history, by what changed and by the size of the city.

Cities that double twice over get the same delivery in their second night: the registrations of a
thousand people, each with another address. Beside it stands the same night with everything made
anew, as after a change of the code. Counted are the seconds of all models that touched ones
(dbt_project/macros/touched.sql) are made from, themselves included: from the staging of the
registers to linking, candidates and histories of persons and entities.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.machine import show
from foundation.paths import PROJECT, DataRoot

RATIO, CITIES, CHANGED = 4, 3, 1000
_DAY = date(2018, 3, 29)
_REGISTER = "public_security/population/household_registration"


def run(*, people: int, seed: int) -> None:
    """Build each city twice over the same change, print seconds and what share was touched."""
    lines = []
    for size in (people * RATIO**n for n in range(CITIES)):
        with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
            root = DataRoot(Path(place) / "data")
            _night(root, size, seed)
            touched = _night(root, 0, seed)
            anew = _night(root, 0, seed, anew=True)
        share = touched["models"] / anew["models"]
        lines.append([f"{size}", f"{touched['persons']:.0f}", f"{touched['models']:.1f}",
                      f"{anew['models']:.1f}", f"{share:.2f}"])  # fmt: skip
    headers = ["people", "persons touched", "what changed s", "everything anew s", "share"]
    show(f"changed records: {CHANGED} registrations of a night, by city", headers, lines)


def _night(root: DataRoot, people: int, seed: int, *, anew: bool = False) -> dict[str, float]:
    """Ingest and build of one night in a process of its own; without people, of the second."""
    words = [str(root.root), str(people), str(seed), str(int(anew))]
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.changed_records", *words],
        cwd=PROJECT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ).stdout  # fmt: skip
    return {str(k): float(v) for k, v in json.loads(told.splitlines()[-1]).items()}


def _change(root: DataRoot) -> None:
    """Write the second night's delivery: the first thousand registrations, with other addresses."""
    folder = root.inbox / _REGISTER
    kept = root.root / "first.csv"
    header, *rows = kept.read_text(encoding="gb18030").splitlines()
    names = header.split(",")
    where, when, what = (names.index(n) for n in ("户籍详细地址", "更新时间", "操作标志"))
    lines = [header]
    for row in rows[:CHANGED]:
        cells = row.split(",")
        cells[where], cells[when], cells[what] = f"{cells[where]}甲", "2018-03-29 20:00:00", "U"
        lines.append(",".join(cells))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "户籍人口_20180330.csv").write_text("\n".join(lines) + "\n", encoding="gb18030")


def _work(root: DataRoot, people: int, seed: int, *, anew: bool) -> None:
    """What the process of one night does; prints the seconds of the models and who was touched."""
    import os

    import duckdb

    os.environ["TONGCHUAN_DATA"] = str(root.root)
    from orchestration.context import make_night
    from orchestration.manifest import manifest
    from orchestration.steps import build_step, ingest_step
    from orchestration.touched import counted_models
    from simulator import simulate

    night = make_night(
        root, business_date=_DAY + timedelta(days=0 if people else 1), settle_seconds=0
    )
    if people:
        simulate(root, people=people, seed=seed, damage=0.0, start=_DAY)
        (source,) = (root.inbox / _REGISTER).glob("*.csv")
        shutil.copyfile(source, root.root / "first.csv")
    elif anew:
        shutil.rmtree(root.build)
    else:
        _change(root)
    ingest_step(night)
    built = build_step(night)
    night.close()
    if built.failed_models:
        raise RuntimeError(f"models failed: {', '.join(sorted(built.failed_models))}")
    models = counted_models(manifest())
    with duckdb.connect(str(root.warehouse), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM intermediate.int_population__touch_persons")
        (persons,) = row.fetchone() or (0,)
    seconds = sum(n.seconds for n in built.nodes if n.name in models)
    print(json.dumps({"models": seconds, "persons": persons}))


if __name__ == "__main__":
    _place, _people, _seed, _anew = sys.argv[1:]
    _work(DataRoot(Path(_place)), int(_people), int(_seed), anew=_anew == "1")
