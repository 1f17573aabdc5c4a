"""A matrix, a change, findings and a relation as tables: every answer, in symbols and words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from netpol_sim.analysis.compare import compare
from netpol_sim.analysis.lint import Severity, lint
from netpol_sim.analysis.matrix import Matrix, matrix
from netpol_sim.cluster import Cluster
from netpol_sim.model import Pod
from netpol_sim.profiles import PROFILES
from netpol_sim.render import findings, grid, relation, table
from netpol_sim.render.grid import End, Grid
from tests.builders import (
    EGRESS,
    admin,
    cluster,
    decision,
    labelled,
    namespaces,
    pod,
    pods,
    policy,
    rule,
)
from tests.laws.strategies import clusters
from tests.unit.render.reading import Reader

BEFORE = cluster(
    pod("bank/api", app="api", ports=["http:80"]),
    pod("bank/db", app="db"),
    pod("shop/web", app="web"),
    policy("bank/db", select=labelled(app="db"), ingress=[rule(pods(app="api"))]),
)
AFTER = BEFORE.with_policy(
    policy("bank/db", select=labelled(app="db"), ingress=[rule(namespaces())]),
    policy("bank/api", select=labelled(app="api"), types=[EGRESS]),
)


def cells(shown: Grid) -> list[str]:
    """The symbols of a grid, row by row."""
    return ["".join(f"{sign.symbol:>4}" for sign in row) for row in shown.signs]


def one(answers: Matrix) -> Grid:
    """The grid of the only port of a matrix."""
    return table.of_port(answers, answers.ports[0])


def test_each_answer_has_its_sign() -> None:
    """Allowed, and denied by which end; a place and itself is no answer."""
    assert cells(one(matrix(AFTER, 80, outside=False))) == [
        "   ·  ✗E  ✗E",
        "   ✓   ·   ✓",
        "   ✓   ✓   ·",
    ]
    both = AFTER.with_policy(policy("bank/db", select=labelled(app="db")))
    assert cells(one(matrix(both, 80, outside=False)))[0] == "   · ✗EI  ✗E"


def test_named_ports_and_the_outside_have_signs() -> None:
    """A port that a pod does not declare, and pairs without a pod, are shown as such."""
    shown = one(matrix(BEFORE, "http"))
    assert cells(shown) == [
        "   ·   ∅   ∅   ∅",
        "   ✓   ·   ∅   ∅",
        "   ✓   ∅   ·   ∅",
        "   ✓   ∅   ∅   ·",
    ]
    assert shown.rows[-1].key == "outside 0.0.0.0/0"


@settings(max_examples=40)
@given(clusters())
def test_the_grid_is_the_matrix(value: Cluster) -> None:
    """Every sign is the matrix's own answer, and the counts are its counts."""
    answers = matrix(value, 80, nodes=True)
    shown = one(answers)
    for source, row in zip(answers.places, shown.signs, strict=True):
        for target, sign in zip(answers.places, row, strict=True):
            if source is not target and (isinstance(source, Pod) or isinstance(target, Pod)):
                assert sign == table.SIGNS[table.LETTERS[answers.cell(source, target)]]
                assert sign.counts is answers.allows(source, target)
    assert sum(sign.counts for row in shown.signs for sign in row) == answers.count()


def test_html_has_headings_counts_and_a_legend() -> None:
    """Rows and columns are named and grouped, counted, and every sign used is explained."""
    html = table.as_html(matrix(AFTER, 80, outside=False))
    read = Reader(html)
    assert read.is_plain
    assert html.count('scope="row"') == 4
    assert html.count('scope="col"') == 5
    assert html.count('scope="colgroup"') == 2
    assert "position:sticky" in html
    assert read.rows[2:] == [
        ["bank/api", "·", "✗E", "✗E", "0"],
        ["bank/db", "✓", "·", "✓", "2"],
        ["shop/web", "✓", "✓", "·", "2"],
        ["reached by", "2", "1", "1", "4"],
    ]
    for word in ("✓ allowed", "✗E denied by egress", "· itself", "4 of 6 connections are allowed"):
        assert word in read.text


def test_the_text_twin_says_the_same() -> None:
    """The text has the same caption, names, signs and legend as the HTML."""
    answers = matrix(AFTER, ports=[80, "53/UDP"])
    read, text = Reader(table.as_html(answers)), table.as_text(answers)
    assert text.count("Port ") == read.text.count("Port ") == 2
    for shown in (table.of_port(answers, asked) for asked in answers.ports):
        for number, (end, row) in enumerate(zip(shown.rows, shown.signs, strict=True), start=1):
            line = f"{number:>3}. {end.key}"
            assert any(
                found.startswith(line) and found.split()[-len(row) :] == [s.symbol for s in row]
                for found in text.splitlines()
            )


def test_a_large_matrix_is_cut_with_a_count() -> None:
    """Of more than sixty rows the rest is counted, in the totals too."""
    ends = tuple(End(key=f"a/p{number}", name=f"p{number}") for number in range(70))
    sign = table.SIGNS["a"]
    shown = Grid(caption="c", rows=ends, columns=ends, signs=((sign,) * 70,) * 70)
    read = Reader(grid.as_html(shown))
    assert len(read.rows) == 62
    assert "10 more are not shown" in read.text
    assert read.rows[-1][-1] == "4900"


def test_a_group_above_one_narrow_column_is_as_narrow() -> None:
    """Its name stands upright only where there is room for it."""
    ends = tuple(
        End(key=f"{group}/p{number}", name=f"p{number}", group=group)
        for group, count in (("one", 1), ("many", 6))
        for number in range(count)
    )
    sign = table.SIGNS["a"]
    size = len(ends)
    html = grid.as_html(Grid(caption="c", rows=ends, columns=ends, signs=((sign,) * size,) * size))
    down = 'style="writing-mode:vertical-rl">'
    assert f"{down}one<" in html
    assert f"{down}many<" not in html
    assert html.count(down) == size + 2, "the columns, the one group, and their sum"


def test_a_change_shows_what_opens_and_what_closes() -> None:
    """What is newly allowed, what no longer is, and what stays have different signs."""
    before, after = (matrix(value, 80) for value in (BEFORE, AFTER))
    shown = table.difference(before, after, after.ports[0])
    minus = "\N{MINUS SIGN}"
    assert cells(shown) == [f"   ·   {minus}   {minus}", "   ✓   ·   ✓", "   ✓   +   ·"]
    assert shown.caption == "Port 80/TCP: newly allowed 1, no longer allowed 2"
    assert {"+ newly allowed", f"{minus} no longer allowed"} <= {
        part.strip() for part in grid.as_text(shown).splitlines()[-1].split(",")
    }


def test_findings_are_worst_first_and_complete() -> None:
    """Each finding has its severity, rule, place, reason and remedy, in both twins."""
    found = lint(AFTER)
    assert found
    html, text = findings.as_html(found), findings.as_text(found)
    read = Reader(html)
    assert read.is_plain
    order = list(Severity)
    ranks = [order.index(Severity(row[0])) for row in read.rows[1:]]
    assert ranks == sorted(ranks, reverse=True)
    for finding in found:
        for part in (finding.id, finding.name, finding.object, finding.message, finding.why):
            assert part.replace("`", "") in read.text
            assert part in text
    assert "code" in read.tags, "names between backticks are set as code"


def test_no_findings_is_said() -> None:
    """An empty list of findings is a sentence, not nothing."""
    assert "No findings" in findings.as_html(())
    assert findings.as_text(()) == "No findings."


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        (BEFORE, ["mean the same"]),
        (AFTER, ["too open and too tight", "Mine allows it", "The reference denies it"]),
        (BEFORE.with_policies(()), ["too open", "app=db"]),
    ],
)
def test_a_relation_shows_its_witnesses(mine: Cluster, words: list[str]) -> None:
    """A relation names itself, its witnesses, their labels and the verdicts of both sides."""
    found = compare(mine, BEFORE)
    read, text = Reader(relation.as_html(found)), relation.as_text(found)
    assert read.is_plain
    for line in text.splitlines():
        assert line.strip().replace("`", "") in read.text
    for witness in found.witnesses:
        assert str(witness.connection.source) in text
        assert str(witness.connection.destination) in text
    assert read.text.count("Egress: ") == 2 * len(found.witnesses)
    for word in words:
        assert word in read.text
        assert word in text


def test_a_matrix_looks_as_agreed(golden: Callable[[str, str], None]) -> None:
    """The bytes of a matrix, as HTML and as text, are those that were looked at."""
    answers = matrix(AFTER, 80)
    golden(table.as_html(answers) + "\n", "render/matrix.html")
    golden(table.as_text(answers) + "\n", "render/matrix.txt")


def test_policies_that_a_plugin_ignores_are_named() -> None:
    """In the text and beside the table; nothing is said where none is ignored."""
    world = cluster(pod("a/b"), admin("deny", ingress=[decision("Deny")]))
    deaf = matrix(world.with_profile(PROFILES["cilium"]), port=80)
    said = "The profile cilium does not know, and ignores: ClusterNetworkPolicy/deny."
    assert table.as_text(deaf).endswith(f"\n\n{said}")
    assert said in table.as_html(deaf)
    assert "ignores" not in table.as_text(matrix(world, port=80))
