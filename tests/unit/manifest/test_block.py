"""Which documents are read line by line, and which need a parser of all of YAML."""

from __future__ import annotations

import pytest

from netpol_sim.manifest import block
from netpol_sim.manifest.tree import Extent, Value

UNDERSTOOD: list[tuple[str, Value]] = [
    ("", None),
    ("---\n# nothing here\n\n", None),
    ("a: 1", {"a": 1}),
    ("--- # first\n\n# why\na: 1 # so\n", {"a": 1}),
    (
        "a: 010\nb: on\nc: 1:20\nd: null\ne:\n",
        {"a": 8, "b": True, "c": "1:20", "d": None, "e": None},
    ),
    ("on: 10.0.0.0/8\n0x1f: http://x:80/y\n", {"true": "10.0.0.0/8", "31": "http://x:80/y"}),
    ('"80": \'80\'\na: "x # y"\nb: c  d,e\n', {"80": "80", "a": "x # y", "b": "c  d,e"}),
    ('a: caf\u00e9 \u4e2d # \U0001f600\nb: "\u00e9"\n', {"a": "caf\u00e9 \u4e2d", "b": "\u00e9"}),
    ("a: \"\\\"b\\\\\\n\\t\"\nc: 'it''s'\n", {"a": '"b\\\n\t', "c": "it's"}),
    (
        "a:\n- --b=c\n- -1\n- $(D)\n- |\n  e\n   f\n- ~\n",
        {"a": ["--b=c", -1, "$(D)", "e\n f\n", None]},
    ),
    ("a: {}\nb: []\nc: [TCP, 80]\n", {"a": {}, "b": [], "c": ["TCP", 80]}),
    (
        "a:\n- b: 1\n  c: 2\n-   d:\n      e: 3\n- 4\nf: 5\n",
        {"a": [{"b": 1, "c": 2}, {"d": {"e": 3}}, 4], "f": 5},
    ),
    ("a:\n  - b:\n    - 1\n  - b:\n", {"a": [{"b": [1]}, {"b": None}]}),
    ("  a:\n      b: 1\n  c: 2\n", {"a": {"b": 1}, "c": 2}),
    (
        "a: |\n  b: 1\n    c\n\n   d\n\ne: |-\n  f\ng: 1\n",
        {"a": "b: 1\n  c\n\n d\n", "e": "f", "g": 1},
    ),
]

DOUBTFUL = {
    "an anchor": "a: &b 1\n",
    "an alias": "a: *b\n",
    "a tag": "a: !!str 1\n",
    "a merge": "<<: {}\n",
    "a mapping in flow style": "a: {b: c}\n",
    "a list in flow style with more than words": 'a: ["b"]\n',
    "an escape of YAML alone": 'a: "\\x41"\n',
    "a quote that is not closed": 'a: "b\n',
    "text after quotes": 'a: "b" c\n',
    "text of several lines": "a: b\n  c\n",
    "folded text": "a: >\n  b\n",
    "text with an indicator": "a: |2\n    b\nc: 1\n",
    "text that begins with an empty line": "a: |\n\n  b\nc: 1\n",
    "text that is not indented": "a: |\nb: 1\n",
    "text in the column of its key": "a:\n  b: |\n  c: 1\nd: 2\n",
    "text up to the very end": "a: |\n  b",
    "text with a tab": "a: |\n  b\tc\nd: 1\n",
    "a tab": "a:\tb\n",
    "a Windows line end": "a: b\r\n",
    "a character that may not be shown": "a: b\u2028c\n",
    "a word that begins beyond ASCII": "a: é\n",
    "a key beyond ASCII": "é: a\n",
    "a key of two words": "a b: c\n",
    "a key that is nothing": "null: a\n",
    "a key without a space": "a:b\n",
    "a key with a question mark": "? a\n: b\n",
    "a key given twice": "a: 1\na: 2\n",
    "a key given twice, in quotes": 'a: 1\n"a": 2\n',
    "a list at the root": "- a\n",
    "a scalar at the root": "a\n",
    "a list in a list": "a:\n- - b\n",
    "an entry of nothing": "a:\n-\n- b\n",
    "an entry of spaces": "a:\n-  \n- b\n",
    "an empty mapping as an entry of the root's list": "items:\n- {}\n",
    "a line that is indented too deep": "a: 1\n  b: 2\n",
    "a line that fits no line above": "a:\n    b: 1\n  c: 2\n",
    "a list that fits no line above": "a:\n  - b\n - c\n",
    "a list after a value": "a: 1\n- b\n",
    "a name in the column of a list": "a:\n  - b\n  c: 1\n",
    "a line left of the root": "  a: 1\nb: 2\n",
    "a comment without a space": 'a: "b"#c\n',
    "the end of a document": "a: b\n...\n",
    "a directive": "%YAML 1.1\n---\na: b\n",
    "a value on the line of the marker": "--- a\n",
    "a very long key": f"{'a' * 300}: 1\n",
    "a hundred levels": "".join(f"{' ' * level}a:\n" for level in range(100)),
}


@pytest.mark.parametrize(("text", "value"), UNDERSTOOD)
def test_what_is_read_line_by_line(text: str, value: Value) -> None:
    """Block style as kubectl prints it and as people write it."""
    document = block.document(text, block.Lines())
    assert document is not None
    assert repr(document.value) == repr(value)
    assert not document.has_repeated_keys


@pytest.mark.parametrize("text", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_left_to_a_parser(text: str) -> None:
    """Whatever may mean more than it seems, or be an error."""
    assert block.document(text, block.Lines()) is None


def test_where_entries_stand() -> None:
    """An entry ends where the next line that says something begins."""
    text = "# list\nitems:\n- a: 1\n\n- b:\n  - c: 2\n# more\nkind: List\n"
    document = block.document(text, block.Lines())
    assert document is not None
    found = {repr(one): document.extents[id(one)] for one in document.value["items"]}
    assert found == {
        "{'a': 1}": Extent(16, 22, 2, 2),
        "{'b': [{'c': 2}]}": Extent(24, 43, 4, 2),
    }
    assert len(document.extents) == 3
    assert document.extents[id(document.value)] == Extent(7, len(text), 1, 0)
    assert (document.line, document.column) == (1, 0)


def test_lines_are_not_shared() -> None:
    """A line that stands twice makes two lists, and one may change without the other."""
    lines = block.Lines()
    documents = [block.document("a: [b]\nc: {}\nd:\n  e:\n  - []\n", lines) for _ in range(2)]
    first, second = [document.value for document in documents if document]
    assert first == second
    assert all(first[key] is not second[key] for key in "acd")
