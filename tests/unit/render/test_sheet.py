"""A page says the same in text, HTML, Markdown and CSV."""

from __future__ import annotations

import csv
import io

import pytest

from netpol_sim.render import sheet
from netpol_sim.render.palette import Tone
from netpol_sim.render.sheet import Mark, Sheet
from tests.unit.render.reading import Reader

ADDRESSES = ", ".join(f"10.0.{number}.0/24" for number in range(8))
TABLE = Sheet(
    caption="Who",
    head=("from", "answer", "why"),
    rows=(
        (("bank/api", "bank/db"), Mark(tone=Tone.ALLOWED, word="allowed"), "a rule"),
        (ADDRESSES, Mark(tone=Tone.DENIED, word="denied"), "<none> | *none*"),
    ),
)
PAGE = ("Two rows.", TABLE, Sheet(head=("nothing",), rows=()), "The end.")


def test_text() -> None:
    """Columns stand below their names; what is too wide goes on in the next line."""
    wide = "10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24, 10.0.3.0/24, 10.0.4.0/24,"
    assert sheet.as_text(PAGE).splitlines() == [
        "Two rows.",
        "",
        "Who:",
        f"{'FROM':<{len(wide)}}  ANSWER     WHY",
        f"{'bank/api':<{len(wide)}}  ✓ allowed  a rule",
        "bank/db",
        "",
        f"{wide}  ✗ denied   <none> | *none*",
        "  10.0.5.0/24, 10.0.6.0/24, 10.0.7.0/24",
        "",
        "The end.",
    ]


def test_a_long_table_unfolds() -> None:
    """Only the first rows are open; a single row more is not worth a fold."""
    rows = tuple((str(number),) for number in range(6))
    for shown, opened in ((4, 4), (5, 6), (6, 6), (None, 6)):
        html = sheet.as_html((Sheet(head=("number",), rows=rows, shown=shown),))
        read = Reader(html.partition("<details")[0])
        assert [row[0] for row in read.rows[1:]] == [str(number) for number in range(opened)]
        assert ("2 more" in html) is (opened == 4)
        everything = [row[0] for row in Reader(html).rows if row != ["number"]]
        assert everything == [str(number) for number in range(6)]


def test_html() -> None:
    """Every cell is there, escaped, and tables without rows are left out."""
    read = Reader(sheet.as_html(PAGE))
    assert read.is_plain
    assert read.rows == [
        ["from", "answer", "why"],
        ["bank/apibank/db", "✓ allowed", "a rule"],
        [ADDRESSES, "✗ denied", "<none> | *none*"],
    ]
    assert "Two rows." in read.text
    assert "nothing" not in read.text


def test_markdown() -> None:
    """A cell cannot break out of its table."""
    assert sheet.as_markdown(PAGE).splitlines() == [
        "Two rows.",
        "",
        "**Who**",
        "",
        "| from | answer | why |",
        "| --- | --- | --- |",
        "| bank/api<br>bank/db | ✓ allowed | a rule |",
        f"| {ADDRESSES} | ✗ denied | \\<none\\> \\| \\*none\\* |",
        "",
        "The end.",
    ]


def test_csv() -> None:
    """Names in one field are parted so that a range stays one, and a mark is its word."""
    assert sheet.as_csv(TABLE) == (
        f'from,answer,why\nbank/api; bank/db,allowed,a rule\n"{ADDRESSES}",denied,<none> | *none*\n'
    )


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]


@pytest.mark.parametrize("words", FORMULAS)
def test_csv_holds_no_formula(words: str) -> None:
    """A spreadsheet calculates nothing; every other field is read back as it was."""
    cells = (words, 'a "b", c', "a=1")
    table = sheet.Sheet(head=("a", "b", "c"), rows=(cells,))
    read = list(csv.reader(io.StringIO(sheet.as_csv(table))))
    assert read == [["a", "b", "c"], [f"'{words}", 'a "b", c', "a=1"]]
