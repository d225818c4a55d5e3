"""人工核对.xlsx: written, filled in, taken; nothing of a bad sheet; a lost ledger knows all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import polars as pl
import pytest
import xlsxwriter

from catalog import catalog
from foundation.errors import BusyError, ConfigurationError
from foundation.paths import DataRoot
from ingest.accepted import expose
from ingest.review_sheet import DOMAIN, ONE, OTHER, VERDICT, waiting, write_sheet
from ingest.reviews import import_sheet, restore
from ingest.sheet import load_sheets
from ledger import Ledger, LinkDecisions
from tests.commands import finished

PERMIT = "population/residence_permit|R1|本人"
POLICE = "population/household_registration|P1|本人"
OTHER_POLICE = "population/household_registration|P2|本人"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataRoot:
    """A root whose warehouse asks about one permit and two registrations."""
    monkeypatch.delenv("TONGCHUAN_LEDGER_URL", raising=False)
    made = DataRoot(tmp_path / "data")
    made.build.mkdir(parents=True)
    with duckdb.connect(str(made.warehouse)) as connection:
        connection.execute("CREATE SCHEMA intermediate")
        connection.execute(
            "CREATE TABLE intermediate.int_population__list_reviews AS "
            "SELECT 0.75::DECIMAL(9, 8) AS match_probability, $1 AS one_record, "
            "$2 AS other_record, '=张三' AS one_name, '张 三' AS other_name, "
            "DATE '1990-01-01' AS one_birth_date, DATE '1990-01-01' AS other_birth_date, "
            "NULL::VARCHAR AS one_mobile, NULL::VARCHAR AS other_mobile "
            "UNION ALL SELECT 0.55, $1, $3, '张三', NULL, NULL, NULL, NULL, NULL",
            [PERMIT, POLICE, OTHER_POLICE],
        )
    return made


@pytest.fixture
def sheet(root: DataRoot, tmp_path: Path) -> Path:
    target = tmp_path / "人工核对.xlsx"
    assert write_sheet(target, root, catalog(), ("population",)) == 2
    return target


def frame(path: Path) -> pl.DataFrame:
    """The first sheet, named by its header."""
    told = load_sheets(path.read_bytes(), 1 << 30)[0].frame
    return told[1:].rename(dict(zip(told.columns, map(str, told.row(0)), strict=True)))


def fill(path: Path, **changes: dict[int, str]) -> Path:
    """The sheet with other cells: by column, by line."""
    table = frame(path)
    filled = path.with_name("filled.xlsx")
    with xlsxwriter.Workbook(str(filled)) as book:
        grid = book.add_worksheet()
        for at, title in enumerate(table.columns):
            grid.write_string(0, at, title)
            for line, text in enumerate(table[title], start=2):
                grid.write_string(line - 1, at, changes.get(title, {}).get(line, text) or "")
    return filled


def take(path: Path, root: DataRoot, by: str = "王") -> Any:
    return import_sheet(path, by, root, Ledger.open(root), catalog())


def exposed(root: DataRoot) -> Iterator[tuple[Any, ...]]:
    expose(root, Ledger.open(root), catalog())
    with duckdb.connect(str(root.warehouse), read_only=True) as connection:
        yield from connection.execute(
            "SELECT * EXCLUDE (decision_id, domain, decided_at) FROM raw.link_decision ORDER BY 2"
        ).fetchall()


def test_the_sheet_is_text_marks_what_differs_and_asks(sheet: Path) -> None:
    first, second = frame(sheet).rows(named=True)
    assert (first[ONE], first[OTHER], first[DOMAIN]) == (PERMIT, POLICE, "population")
    assert (first["可能性%"], first["来源（甲）"]) == ("75.0", "流动人口居住登记（本人）")
    assert first["姓名或名称（甲）"] == "=张三"
    assert not second["姓名或名称（乙）"]
    assert "手机号码（甲）" not in first  # nobody says anything
    with ZipFile(sheet) as book:
        grid = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    cells = [c.split(">")[0] for c in grid.split("<c ")[1:]]
    assert len(cells) > 20
    assert all('t="s"' in cell for cell in cells)  # no formula, no number
    assert "<f>" not in grid
    assert "=张三" in texts
    # the two names of the first pair alone are marked
    styles = [cell.split('s="')[1].split('"')[0] for cell in cells if 's="' in cell]
    marked = [s for s in set(styles) if styles.count(s) == 2]
    assert len(marked) == 1
    assert '"同一人,不是同一人,暂不确定"' in grid
    assert sheet.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("folder", ["published", "packages", "analysts", "receipts", "inbox"])
def test_it_is_never_written_where_others_read(root: DataRoot, folder: str) -> None:
    with pytest.raises(ConfigurationError, match="others read"):
        write_sheet(getattr(root, folder) / "x.xlsx", root, catalog(), ("population",))


def test_decisions_reach_dbt_and_what_is_left_open_does_not(root: DataRoot, sheet: Path) -> None:
    filled = fill(sheet, **{VERDICT: {2: "同一人", 3: "暂不确定"}})
    assert take(filled, root).counts == {"same": 1, "unsure": 1}
    assert list(exposed(root)) == [(POLICE, PERMIT, "same", "王")]
    (override,) = Ledger.open(root).overrides("review")
    assert (override.by, override.detail) == ("王", {"same": 1, "unsure": 1})


def test_the_same_sheet_again_changes_nothing(root: DataRoot, sheet: Path) -> None:
    filled = fill(sheet, **{VERDICT: {2: "同一人"}})
    take(filled, root)
    assert take(filled, root, by="李").is_known
    assert len(LinkDecisions(Ledger.open(root)).all()) == 1


def test_a_later_decision_on_a_pair_wins_whichever_side_is_left(
    root: DataRoot, sheet: Path
) -> None:
    take(fill(sheet, **{VERDICT: {2: "同一人"}}), root)
    turned = fill(sheet, **{VERDICT: {2: "不是同一人"}, ONE: {2: POLICE}, OTHER: {2: PERMIT}})
    take(turned, root, by="李")
    assert list(exposed(root)) == [(POLICE, PERMIT, "different", "李")]


@pytest.mark.parametrize(
    ("changes", "line", "column", "message"),
    [
        ({VERDICT: {2: "是"}}, 2, VERDICT, "不是可选的结论"),
        ({VERDICT: {3: "同一主体"}}, 3, VERDICT, "不是可选的结论"),
        ({VERDICT: {2: "同一人"}, ONE: {2: "R1"}}, 2, ONE, "不是记录的标识"),
        ({VERDICT: {2: "同一人"}, OTHER: {2: PERMIT}}, 2, OTHER, "不是另一条记录的标识"),
        ({VERDICT: {2: "同一人"}, DOMAIN: {2: "x"}}, 2, DOMAIN, "不是可核对的领域"),
        ({VERDICT: {2: "同一人", 3: "不是同一人"}, OTHER: {3: POLICE}}, 2, VERDICT,
         "同一对记录有不同的结论"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_nothing_is_taken(
    root: DataRoot,
    sheet: Path,
    changes: dict[str, dict[int, str]],
    line: int,
    column: str,
    message: str,
) -> None:
    told = take(fill(sheet, **changes), root)
    assert (line, column, message) in {(p.line, p.column, p.message_cn) for p in told.problems}
    assert all(p.remedy_cn for p in told.problems)
    assert LinkDecisions(Ledger.open(root)).all() == []
    assert not (root.archive / "reviews").exists()


def test_a_sheet_without_an_answer_is_refused(root: DataRoot, sheet: Path) -> None:
    with pytest.raises(ConfigurationError, match="no decision"):
        take(sheet, root)


def test_another_file_is_refused(root: DataRoot, tmp_path: Path) -> None:
    wrong = tmp_path / "x.xlsx"
    wrong.write_text("no workbook")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        take(wrong, root)


def test_a_lost_ledger_has_its_decisions_again(root: DataRoot, sheet: Path) -> None:
    take(fill(sheet, **{VERDICT: {2: "同一人"}}), root)
    before = LinkDecisions(Ledger.open(root)).all()
    for path in root.root.glob("ledger*"):
        path.unlink()
    assert restore(root, Ledger.open(root)) == 1
    assert LinkDecisions(Ledger.open(root)).all() == before
    assert restore(root, Ledger.open(root)) == 0


def test_a_death_between_archive_and_ledger_loses_nothing(root: DataRoot, sheet: Path) -> None:
    filled = fill(sheet, **{VERDICT: {2: "同一人"}})
    told = {"TONGCHUAN_DATA": str(root.root), "TONGCHUAN_FAILPOINT": "review.archived"}
    words = ("review", "import", str(filled), "--by", "王")
    assert finished(words, {**os.environ, **told})[0] == 137
    assert LinkDecisions(Ledger.open(root)).all() == []
    assert list(exposed(root)) == [(POLICE, PERMIT, "same", "王")]
    assert take(filled, root).is_known


def test_while_a_night_builds_the_queue_is_busy(root: DataRoot) -> None:
    holds = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(root.warehouse)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as night:  # fmt: skip
        assert night.stdout is not None
        assert night.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match="night"):
            waiting(root, "population")
        night.communicate("\n")
    assert waiting(root, "population").height > 0
