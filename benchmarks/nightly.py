"""Where the time of a night goes: a first night, a next night, and a night with nothing to do.

Each night is one process of the installed command, as cron starts it, on a simulated city. The
parts are what `tongchuan nightly --json` reports in `seconds`; "rest" is everything around them:
the interpreter, the recovery of what a killed night left, and Dagster, which stores an event for
every asset and check. Peak memory is that of the largest process of the night (the night
itself, or the gate's); a child begins with its parent's, so this module imports little and
simulates in a process of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.machine import show
from foundation.paths import PROJECT, DataRoot

PARTS = ("start-up", "ingest", "build", "gate and release")
IDLE_LIMIT_S = 5.0
_START = date(2018, 3, 29)
_IDLE_RUNS = 3
# These would point the nights at another ledger, other keys or another time than the benchmark's.
_FOREIGN = ("TONGCHUAN_LEDGER_URL", "TONGCHUAN_KEY_DIR", "TONGCHUAN_NOW", "TONGCHUAN_FAILPOINT",
            "PYTHONDONTWRITEBYTECODE")  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One command as it was seen from outside.

    Attributes:
        wall_s: seconds from start to end of the process.
        cpu_s: CPU seconds of the process and of those it waited for (the gate's).
        peak_mib: peak resident memory of its largest process, MiB.
        report: what it printed with `--json`.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float
    report: dict[str, object]

    @property
    def parts(self) -> dict[str, float]:
        """Seconds by part."""
        told = self.report["seconds"]
        assert isinstance(told, dict)
        return {str(name): float(value) for name, value in told.items()}

    @property
    def held(self) -> set[str]:
        """The products that the gate held back; on a simulated city there is none to hold."""
        products = self.report["products"]
        assert isinstance(products, list)
        return {str(p["product"]) for p in products if p["verdict"] == "held"}


def run(*, people: int, seed: int) -> None:
    """Simulate a city, run its nights, print the split."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        root = DataRoot(Path(place) / "data")
        lines, held = [], set[str]()
        for number, name in ((1, "first night"), (2, "next night")):
            told = ["simulate", "--people", str(people), "--seed", str(seed), "--nights", "2"]
            made = command(root, [*told, "--only-night", str(number)]).report
            ran = night(root, _START + timedelta(days=number - 1))
            lines.append(_line(f"{name} ({made['files']} files, {made['rows']} rows)", ran))
            held |= ran.held
        idle = [night(root, _START + timedelta(days=1)) for _ in range(_IDLE_RUNS)]
    for ran in idle:
        if ran.report["status"] != "idle":
            raise RuntimeError(f"a night without work was {ran.report['status']!r}, not idle")
    middle = sorted(idle, key=lambda n: n.wall_s)[_IDLE_RUNS // 2]
    lines.append(_line(f"idle night (median of {_IDLE_RUNS})", middle))
    headers = ["", *PARTS, "rest", "wall clock s", "CPU s", "peak MiB"]
    show(f"nightly: a city of {people} people, seconds", headers, lines)
    wall = statistics.median(n.wall_s for n in idle)
    print(f"  products held: {', '.join(sorted(held)) or 'none'}")
    verdict = "met" if wall < IDLE_LIMIT_S else "MISSED"
    print(f"  an idle night is to end within {IDLE_LIMIT_S:.0f} s: {verdict} ({wall:.1f} s)")


def _line(name: str, ran: Run) -> list[str]:
    parts = [ran.parts.get(part, 0.0) for part in PARTS]
    figures = [*parts, ran.wall_s - sum(parts), ran.wall_s, ran.cpu_s]
    return [name, *[f"{value:.1f}" for value in figures], f"{ran.peak_mib:.0f}"]


def night(root: DataRoot, day: date) -> Run:
    """One `tongchuan nightly` in its own process."""
    return command(root, ["nightly", "--settle", "0", "--business-date", day.isoformat()])


def command(root: DataRoot, arguments: list[str]) -> Run:
    """Run `tongchuan` with `--json` and watch it."""
    command = [str(Path(sys.executable).with_name("tongchuan")), *arguments, "--json"]
    environment = {k: v for k, v in os.environ.items() if k not in _FOREIGN}
    environment["TONGCHUAN_DATA"] = str(root.root)
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        # wait4 and not getrusage: the latter's peak is that of all children so far.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode not in (0, 1):  # 1: done, but a person should look
        raise RuntimeError(f"tongchuan {arguments[0]} ended with {process.returncode}")
    kib = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, kib / 1024, json.loads(printed))
