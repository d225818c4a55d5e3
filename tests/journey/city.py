"""A simulated city and the command line, as the journey tests use them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from foundation.paths import PROJECT, DataRoot
from orchestration.context import active, make_night
from orchestration.report import make_report
from orchestration.state import finish_run
from orchestration.steps import build_step, ingest_step, publish_step
from simulator import simulate
from tests.commands import Command, forked

START = date(2018, 3, 29)
NIGHTS = 3
PEOPLE, SEED, DAMAGE = 2000, 11, 0.12


@dataclass(frozen=True)
class City:
    """One data root with its own keys, driven through the command line."""

    root: DataRoot
    keys: Path

    def env(self, **extra: str) -> dict[str, str]:
        """The environment of a command on this root."""
        told = {
            **os.environ,
            "TONGCHUAN_DATA": str(self.root.root),
            "TONGCHUAN_KEY_DIR": str(self.keys),
            "PYTHONPATH": str(PROJECT),
            **extra,
        }
        told.pop("PYTHONDONTWRITEBYTECODE", None)
        return told

    def start(self, *words: str, **extra: str) -> Command:
        """Begin a command."""
        return forked(words, self.env(**extra))

    def call(self, *words: str, **extra: str) -> tuple[int, str]:
        """Run a command; exit code and stdout."""
        process = self.start(*words, **extra)
        out, err = process.communicate(timeout=300)
        if process.returncode not in (0, 1, 137):
            raise AssertionError(
                f"{words}: exit {process.returncode}\n{out[-2000:]}\n{err[-3000:]}"
            )
        return process.returncode, out

    def json(self, *words: str, **extra: str) -> Any:
        """Run a command with --json; its document."""
        code, out = self.call(*words, "--json", **extra)
        assert code in (0, 1), out
        return json.loads(out)

    def night(self, number: int, **extra: str) -> Any:
        """The night of one business date, taking everything."""
        return self.json(*words_of_night(number), **extra)

    def steps(self, number: int, built: Callable[[], object] = lambda: None) -> Any:
        """The steps of one night in this process, as Dagster's assets call them; its report.

        Args:
            built: called between the build and the gate.
        """
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TONGCHUAN_DATA", str(self.root.root))
            patch.setenv("TONGCHUAN_KEY_DIR", str(self.keys))
            night = make_night(self.root, business_date=day_of(number), settle_seconds=0)
            with active(night):
                ingest_step(night)
                assert not build_step(night).failed_models
                built()
                publish_step(night)
                report = make_report(night, "night", "done", night.release)
                finish_run(night, report.status)
                return report.document()

    def fingerprints(self) -> dict[str, str]:
        """Of every product of the served release."""
        number = int((self.root.published / "CURRENT").read_text())
        package = json.loads(
            (self.root.published / "releases" / str(number) / "datapackage.json").read_text()
        )
        return {r["name"]: r["fingerprint"] for r in package["resources"]}


def day_of(number: int) -> date:
    """The business date of a night."""
    return START + timedelta(days=number - 1)


def words_of_night(number: int) -> tuple[str, ...]:
    """The command that runs a night, taking everything."""
    return ("nightly", "--business-date", str(day_of(number)), "--settle", "0")


def simulated(folder: Path, night: int) -> int:
    """Write the departments' files of one night, and the truth."""
    simulate(
        DataRoot(folder), people=PEOPLE, seed=SEED, nights=NIGHTS, start=START, only_night=night,
        damage=DAMAGE,
    )  # fmt: skip
    return night


def copy(city: City, target: Path) -> City:
    """The same city, with everything that happened so far, on another root with the same keys."""
    shutil.copytree(city.root.root, target, copy_function=_copy)
    return City(DataRoot(target), city.keys)


def _copy(source: str, target: str) -> None:
    shutil.copy2(source, target)
