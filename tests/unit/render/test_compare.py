"""Relations and repairs in words: what a limit left open, every kind of end, every kind of edit."""

from __future__ import annotations

from collections.abc import Callable

from netpol_sim.analysis.compare import Limit, Outcome, Relation, Scope, compare
from netpol_sim.analysis.repair import Repair, RepairOutcome, minimal_repair
from netpol_sim.analysis.repair.edit import Edit, EditKind
from netpol_sim.plugin import Profile
from netpol_sim.render import compare as shown
from netpol_sim.render import repair as repairs
from netpol_sim.render.compare import Sides
from tests.builders import EGRESS, block, namespaces, pods, policy, rule
from tests.unit.analysis.test_repair import MISTAKES


def test_every_outcome_has_a_sentence() -> None:
    """Each outcome is said in each scope, with the names of both sides, in one sentence."""
    for outcome in Outcome:
        for scope in Scope:
            sentence = shown.summary(_Stub(scope=scope, said=outcome), Sides(mine="A"))
            assert sentence.startswith(("A ", "It is not known whether A "))
            assert "the reference" in sentence
            assert sentence.count(".") == 1


class _Stub(Relation):
    """A relation with any outcome."""

    __slots__ = ("said",)

    def __init__(self, *, scope: Scope, said: Outcome) -> None:
        super().__init__(scope=scope)
        object.__setattr__(self, "said", said)

    @property
    def outcome(self) -> Outcome:
        """The outcome it was made with."""
        said: Outcome = object.__getattribute__(self, "said")
        return said


def test_a_limit_is_said() -> None:
    """What is not known because of the limit is said, with the number of steps."""
    limit = Limit(steps=7, undecided=(Outcome.TOO_OPEN,), perhaps_not_smallest=(Outcome.TOO_TIGHT,))
    assert shown.text(Relation(scope=Scope.ANY, limit=limit)).splitlines() == [
        "It is not known whether mine and the reference mean the same on every cluster.",
        "",
        "The search stopped after 7 steps, so it is not known whether mine is too open.",
        "",
        "The search stopped after 7 steps; there may be a smaller example of too tight.",
    ]
    document = shown.document(Relation(scope=Scope.ANY, limit=limit))
    assert document["limit"] == {
        "steps": 7,
        "undecided": ["too-open"],
        "perhapsNotSmallest": ["too-tight"],
    }


def test_every_kind_of_end(golden: Callable[[str, str], None]) -> None:
    """Pods, their addresses, port names and namespaces, outside addresses and nodes are told."""
    skips_nodes = Profile(ip_block_matches_nodes=False)
    everybody = [rule(block("0.0.0.0/0"), block("::/0"))]
    found = [
        compare(policy("bank/a", ingress=everybody), [], profile=skips_nodes),
        compare(
            policy("bank/a", ingress=[rule(namespaces(team="a"), ports=["http"])]),
            policy("bank/a"),
        ),
        compare(
            policy("bank/a", types=[EGRESS], egress=[rule(block("10.0.0.0/8"), ports=["http"])]),
            policy("bank/a", types=[EGRESS]),
        ),
        compare(policy("bank/a", ingress=[rule(pods(app=""))]), policy("bank/a")),
    ]
    golden("\n\n".join(map(shown.text, found)) + "\n", "render/relations.txt")


def test_every_repair(golden: Callable[[str, str], None]) -> None:
    """Each mistake that people make is told with its repair."""
    told = [
        f"{says}\n{repairs.text(minimal_repair(mistake.mine, mistake.meant))}"
        for says, mistake in MISTAKES.items()
    ]
    golden("\n\n".join(told) + "\n", "render/repairs.txt")


def test_every_kind_of_edit_has_a_sentence() -> None:
    """No kind of edit is without words, in text and in JSON."""
    for kind in EditKind:
        made = Edit(kind=kind, policy=policy("bank/a"), field="spec", before="one", after="two")
        repair = Repair(outcome=RepairOutcome.REPAIRED, edits=(made,))
        assert repairs.text(repair).startswith("One edit makes both mean the same:\n  ")
        assert repairs.document(repair)["edits"]


def test_every_outcome_of_a_repair_has_a_sentence() -> None:
    """No outcome is without words."""
    for outcome in RepairOutcome:
        assert repairs.text(Repair(outcome=outcome)).endswith((".", ":"))
