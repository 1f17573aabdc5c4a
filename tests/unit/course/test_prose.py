"""Which sentences of a lesson need a claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_sim.course import prose, source

HEAD = "---\ntitle: A\nminutes: 5\nobjectives: [see]\n---\n"
NAMES = frozenset({"bank/api", "api", "bank"})


def unvouched(body: str) -> list[str]:
    """The sentences found in a lesson with this body, without their place."""
    text = source.parse(HEAD + body, Path("01-a.md"))
    return [found.removeprefix("01-a.md:6: ") for found in prose.unvouched(text, NAMES)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The pod `bank/api` is denied.",
        "A stranger reaches `api` at night.",
        "Address `192.0.2.1` gets in.",
        "It passes.",
        "- The second is blocked.",
        "Then 3 pods connect to it.",
        "Nobody is allowed **in**.",
    ],
)
def test_what_happens_here_needs_a_claim(sentence: str) -> None:
    """A sentence on particular traffic is found; with a claim, a value or a ground it is not."""
    assert unvouched(sentence) == [sentence]
    assert unvouched(f"{sentence} <!-- claim: True -->") == []
    assert unvouched(f"{sentence} <!-- api: the specification -->") == []
    assert unvouched(f"{{{{ 1 }}}} times {sentence.lower()}") == []


@pytest.mark.parametrize(
    "body",
    [
        "A policy only ever allows.",
        "An isolated pod accepts what some rule allows.",
        "Is `bank/api` denied?",
        "The label of `bank/api` is old.",
        "```text\nIt is denied.\n```",
        "## It is denied.",
        "## On a real cluster\n\nIt prints nothing: it connected.",
    ],
)
def test_what_needs_no_claim(body: str) -> None:
    """Rules of the API, questions, code, headings and real clusters are left alone."""
    assert unvouched(body) == []


def test_a_claim_vouches_for_its_own_sentence_only() -> None:
    """The sentence before a vouched one is still found."""
    assert unvouched("It is denied. So it stops. <!-- claim: True -->") == ["It is denied."]


def test_the_names_come_from_the_worlds(tmp_path: Path) -> None:
    """Pods count with and without their namespace."""
    (tmp_path / "exercises/worlds").mkdir(parents=True)
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: bank}\n"
    (tmp_path / "exercises/worlds/w.yaml").write_text(pod)
    assert prose.names_of_worlds(tmp_path) == NAMES


def test_the_command_lists_what_it_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A lesson with an unvouched sentence makes the command fail."""
    path = tmp_path / "01-a.md"
    path.write_text(HEAD + "It passes.")
    assert prose.main([str(path)]) == 1
    assert capsys.readouterr().out == f"{path}:6: It passes.\n"
