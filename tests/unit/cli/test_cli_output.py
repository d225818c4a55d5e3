"""What people see of values."""

from datetime import date
from decimal import Decimal

from cli.output import table


def test_zeros_beyond_hundredths_are_left_out(capsys) -> None:
    values = ["85.3000000000", "0.1234567800", "-3.00", "12", "1E+2", "0E-10"]
    table("t", ["a", "b"], [[Decimal(v), date(2018, 3, 31)] for v in values] + [[None, b"\x01"]])
    lines = [line.split("│") for line in capsys.readouterr().out.splitlines() if "│" in line]
    told = [cells[1].strip() for cells in lines]
    assert told == ["85.30", "0.12345678", "-3.00", "12", "100", "0.00", ""]
    assert lines[-1][2].strip() == "01"
