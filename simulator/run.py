"""Running the simulation: the town lives, its departments write, the truth is kept beside."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

import polars as pl

from foundation.errors import ConfigurationError
from foundation.files import write_bytes, write_json
from foundation.paths import DataRoot
from simulator.bulletin import bulletin_bytes, bulletin_lines
from simulator.damage import NO_HITS, damaged
from simulator.deliveries import Delivery, deliveries
from simulator.habits import habit_of, habit_on, provider_of
from simulator.layers import layer_bytes
from simulator.randomness import stream
from simulator.town import Town
from simulator.town_nights import live
from simulator.truth_tables import Told, write_truth
from simulator.writers import as_text, csv_bytes, jsonl_bytes, workbook_bytes

_SHANGHAI = timezone(timedelta(hours=8))
_KEPT_OF_INCOMPLETE = 0.7
_FEWEST_PEOPLE, _MOST_DAMAGE = 200, 0.5


@dataclass(frozen=True)
class Summary:
    """What was simulated.

    Attributes:
        people: people the departments know at the end, outsiders included.
        entities: entities in any register.
        files: files written by this call.
        rows: records in them.
        damaged: damaged rows in them.
    """

    people: int
    entities: int
    files: int
    rows: int
    damaged: int


@dataclass(frozen=True)
class Sheet:
    """One delivery as it will be written.

    Attributes:
        table: rows as text, damaged.
        hits: what was done to which line.
        kept: rows of the books in it, copies not counted.
    """

    delivery: Delivery
    table: pl.DataFrame
    hits: pl.DataFrame
    kept: int


def simulate(
    root: DataRoot, *, people: int, seed: int, nights: int = 1, start: date = date(2018, 3, 29),
    only_night: int | None = None, damage: float = 0.02,
    progress: Callable[[str], None] | None = None,
) -> Summary:  # fmt: skip
    """Write what the departments of a pretend city drop, and the truth beside.

    Night `i` has the business date `start + i - 1` days; its files lie in the inbox on that
    evening. What arrives on a night depends on the arguments but never on `nights`. The truth
    covers all nights up to the last one written.

    Args:
        root: files go to `root.inbox`, the truth to `root.truth`.
        people: registered and floating people of the first day.
        seed: the same arguments give the same bytes.
        nights: how many nights.
        start: business date of the first night.
        only_night: write the files of this night alone.
        damage: share of rows that are damaged, 0 to 0.5.
        progress: told a line for each file written.

    Raises:
        ConfigurationError: an argument is out of its range.
    """
    _check(people, seed, nights, only_night, damage)
    last = nights if only_night is None else only_night
    town = live(people, seed, start, last)
    sheets: list[Sheet] = []
    entries: list[dict[str, object]] = []
    count = rows = hit = 0
    for delivery in deliveries(last):
        sheet = _sheet(town, delivery, damage)
        entries.append(_entry(delivery, sheet, start))
        if only_night in (None, delivery.arrival_night):
            _write(root, town, sheet)
            count, rows, hit = count + 1, rows + sheet.table.height, hit + sheet.hits.height
            if progress:
                progress(_line(sheet, start))
        sheets.append(replace(sheet, table=sheet.table.clear()))
    arguments = {"people": people, "seed": seed, "start": start.isoformat(), "damage": damage}
    index = {"arguments": arguments, "nights": last, "files": entries}
    write_json(root.truth / "nights.json", index)
    return Summary(town.people.height, _truth(root, town, sheets, last), count, rows, hit)


def _check(people: int, seed: int, nights: int, only_night: int | None, damage: float) -> None:
    remedy = "change the arguments of the simulation"
    if people < _FEWEST_PEOPLE:
        raise ConfigurationError(f"fewer than {_FEWEST_PEOPLE} people make no city", remedy)
    if seed < 0 or nights < 1 or (only_night is not None and only_night < 1):
        raise ConfigurationError("the seed is negative, or a night comes before night 1", remedy)
    if not 0 <= damage <= _MOST_DAMAGE:
        raise ConfigurationError(f"damage is a share from 0 to {_MOST_DAMAGE}", remedy)


def _line(sheet: Sheet, start: date) -> str:
    delivery = sheet.delivery
    return (
        f"{delivery.arrival_date(start)} {delivery.extract} {delivery.kind}:"
        f" {sheet.table.height} rows, {sheet.hits.height} damaged"
    )


def _truth(root: DataRoot, town: Town, sheets: list[Sheet], last: int) -> int:
    kept = {
        (s.delivery.extract, s.delivery.business_night): s.kept
        for s in sheets
        if s.delivery.kind == "incomplete"
    }
    told = Told(_all_hits(sheets, town.start), [s.delivery for s in sheets], kept)
    return write_truth(root, town, told, last)


def _sheet(town: Town, delivery: Delivery, rate: float) -> Sheet:
    """The rows of one delivery as text, damaged at the rate."""
    contract, habit = habit_on(delivery.extract, delivery.business_night)
    rows = town.books.table(delivery.extract).filter(pl.col("_night") == delivery.business_night)
    if delivery.kind == "incomplete":
        rows = rows.head(int(rows.height * _KEPT_OF_INCOMPLETE))
    topic = zlib.crc32(f"{delivery.extract} {delivery.kind == 'correction'}".encode())
    rng = stream(town.seed, "damage", topic, delivery.business_night)
    table = as_text(contract, habit, rows)
    table, hits = damaged(
        contract,
        habit,
        table,
        rng,
        rate=rate,
        day=delivery.business_date(town.start),
        book=delivery.extract,
    )
    if contract.layout == "bulletin":
        lines = bulletin_lines(table)
        hits = hits.with_columns(line=lines.gather(hits["line"] - habit.first_line))
    return Sheet(delivery, table, NO_HITS if delivery.kind == "repeated" else hits, rows.height)


def _entry(delivery: Delivery, sheet: Sheet, start: date) -> dict[str, object]:
    contract, habit = habit_on(delivery.extract, delivery.business_night)
    return {
        "night": delivery.arrival_night,
        "business_night": delivery.business_night,
        "business_date": delivery.business_date(start).isoformat(),
        "provider": provider_of(delivery.extract),
        "extract": contract.id,
        "file_name": delivery.file_name(start),
        "kind": delivery.kind,
        "is_late": delivery.kind == "late",
        "is_repeated": delivery.kind == "repeated",
        "is_correction": delivery.kind == "correction",
        "encoding": habit.layers[delivery.business_night][0]
        if habit.layers
        else habit.encoding or delivery.file_name(start).rpartition(".")[2],
        "has_control_file": habit.control,
        "rows": sheet.table.height,
        "damaged_rows": sheet.hits.height,
    }


def _all_hits(sheets: list[Sheet], start: date) -> pl.DataFrame:
    """What was done to every row of every delivery, with the delivery's name beside."""
    frames = []
    for sheet in sheets:
        contract, _ = habit_of(sheet.delivery.extract)
        frames.append(
            sheet.hits.with_columns(
                night=pl.lit(sheet.delivery.arrival_night, dtype=pl.Int64),
                business_night=pl.lit(sheet.delivery.business_night, dtype=pl.Int64),
                kind=pl.lit(sheet.delivery.kind),
                provider=pl.lit(provider_of(sheet.delivery.extract)),
                extract=pl.lit(contract.id),
                file_name=pl.lit(sheet.delivery.file_name(start)),
            )
        )
    return pl.concat(frames)


def _write(root: DataRoot, town: Town, sheet: Sheet) -> None:
    """Drop one file (and its control file) into the inbox, dated to its evening."""
    delivery, start = sheet.delivery, town.start
    contract, habit = habit_on(delivery.extract, delivery.business_night)
    day = delivery.arrival_date(start)
    if habit.layers:
        night, business = delivery.business_night, delivery.business_date(start)
        content = layer_bytes(contract, habit, sheet.table, night, business)
    elif contract.layout == "bulletin":
        old = delivery.file_name(start).endswith(".xls")
        content = bulletin_bytes(sheet.table, day, old=old)
    elif habit.is_workbook:
        content = workbook_bytes(contract, habit, sheet.table, day)
    elif habit.is_jsonl:
        content = jsonl_bytes(contract, habit, sheet.table)
    else:
        content = csv_bytes(contract, habit, sheet.table)
    folder = root.inbox / provider_of(delivery.extract) / contract.domain / contract.name
    path = folder / delivery.file_name(start)
    write_bytes(path, content)
    evening = datetime.combine(delivery.arrival_date(start), time(20, habit.minute), _SHANGHAI)
    moment = int(evening.timestamp())
    if habit.control:
        control = path.with_name(path.name + ".ok.json")
        write_json(
            control,
            {
                "rows": sheet.table.height,
                "sha256": hashlib.sha256(content).hexdigest(),
                "business_date": delivery.business_date(start).isoformat(),
            },
        )
        os.utime(control, (moment, moment))
    os.utime(path, (moment, moment))
