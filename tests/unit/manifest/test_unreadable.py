"""Bytes and texts that are no manifests, and the files they come from."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from netpol_sim.errors import ManifestError, Problem, ProblemKind
from netpol_sim.manifest import load, loads, sources
from tests.unit.manifest.reading import HEAD, place, places, problems

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"

BROKEN = {
    "a tab for indentation": ("a:\n»\tb: 1\n", "a tab is used to indent"),
    "a tab after spaces": ("a:\n  b:\n  »\tc: 1\n", "a tab is used to indent"),
    "a tab before a dash": ("a:\n  - b\n»\t- c\n", "a tab is used to indent"),
    "two colons": ("a: b»: c\n", "there is a second `:` on this line"),
    "too deep": ("a: b\n  »c: d\n", "this line is indented too deep"),
    "too deep, after a gap": ("a: b\n\n\n  »c: d\n", "this line is indented too deep"),
    "not deep enough": (
        "a:\n    b: 1\n  »c: 2\n",
        "the indentation of this line fits no line above",
    ),
    "a dash out of line": ("a:\n  - b\n »- c\n", "the indentation of this line fits no line above"),
    "a dash among names": ("a: b\n»- c\n", "a list cannot stand in the column of names"),
    "a name among dashes": ("- a\n»b: c\n", "a name cannot stand in the column of a list"),
    "no colon": ("a:\n  »b\n  c: 1\n", "there is no `:` after `b`"),
    "no colon at the top": ("a:\n- b\n»c\nd: 1\n", "there is no `:` after `c`"),
    "no space": ("a:\n  »b:1\n  c: 1\n", "there is no space after the `:`"),
    "an open quote": ('a: »"b\nc: d\n', "the text that begins here has no closing quote"),
    "text after quotes": ("a: 'b' »c\n", "this cannot follow the value before it"),
    "an odd first character": ("a: »@b\n", "text cannot begin with `@`"),
    "a star": ("a: »*\n", "`*` cannot stand here alone"),
    "an ampersand": ("a: »&\n", "`&` cannot stand here alone"),
    "an open brace": ("a: »{b: 1\nc: 2\n", "the `{` that opens here is not closed"),
    "an open bracket": ("a: »[b\nc: 2\n", "the `[` that opens here is not closed"),
    "a brace too many": ("a: {b: 1}»}\n", "`}` closes nothing"),
    "a list beside its name": ("a: »- b\n", "a list cannot begin on the line of its name"),
    "a template": ("{»{- if .x }}\na: b\n", "`{` cannot begin a key"),
    "a template with a minus": ("a: b\n{»%- if x %}\n", "this line is no YAML"),
    "a template for a value": ("a: {»{ .Values.x }}\n", "`{` cannot begin a key"),
    "an unknown alias": ("a: »*b\n", "`*b` is not defined above"),
    "an alias of itself": ("a: &a [»*a]\n", "`*a` contains itself"),
    "an alias of itself under an old name": ("a: &a 1\nb: &a [»*a]\n", "`*a` contains itself"),
    "a tag": ("a: »!vault x\n", "the tag `!vault` cannot be used here"),
    "a tag of a mapping": ("a: »!!set {x}\n", "the tag `!!set` means nothing in a manifest"),
    "a list for a key": ("»[a]: b\n", "a key must be text"),
    "nothing for a key": ("»~: b\n", "a key must be text"),
    "a merge of text": ("»<<: a\n", "`<<` can only bring in mappings"),
    "no mapping": ("»just some text\n", "a manifest must be a mapping"),
    "a list of manifests": ("»- kind: Pod\n", "a manifest must be a mapping"),
    "an item that is none": (
        "apiVersion: v1\nkind: List\nitems:\n- »Pod\n",
        "an entry of `items` must be a mapping",
    ),
    "items that are none": ("apiVersion: v1\nkind: List\nitems: »Pod\n", "`items` must be a list"),
    "JSON with a word too few": ('{"a": [»,]}', "this is no JSON: a value is missing here"),
    "JSON without a comma": ('{"a": {}\n »"b": 1}', "this is no JSON: `,` or a closing bracket"),
    "JSON that ends early": ('{"a": [1»', "this is no JSON: `,` or a closing bracket"),
}


def test_help_speaks_of_lines_of_the_file() -> None:
    """Also behind other documents, be they sound or broken."""
    text = "a: 1\n---\na: b\n  c: d\n---\na: 1\n---\na: b\n  c: d\n---\na:\n    b: 1\n  c: 2\n"
    helped = {problem.line: problem.help for problem in problems(text)}
    assert helped[4].startswith("line 3 has a value already")
    assert helped[9].startswith("line 8 has a value already")
    assert "the block of line 11 begins at column 1, this line at column 3" in helped[13]


@pytest.mark.parametrize("name", BROKEN)
def test_broken_texts(name: str) -> None:
    """One plain sentence says what is wrong, at the place to look at."""
    marked, message = BROKEN[name]
    text, marks = places(marked)
    found = problems(text)
    assert (found[0].kind, found[0].field) == (ProblemKind.MALFORMED, "")
    assert found[0].message.startswith(message)
    assert [place(found[0])] == marks


def test_a_broken_document_hides_no_other() -> None:
    """After a document that cannot be read comes the next one."""
    text = f"{POD}---\na: b: c\n---\n{POD.replace('a}', 'B}')}---\nx: [\n---\n{POD}x: {{y: }}\n"
    assert [problem.line for problem in problems(text)] == [5, 9, 12, 15]


@pytest.mark.parametrize("depth", [600, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", '{"a":', "[{"])
def test_deep_nesting(opening: str, depth: int) -> None:
    """No depth of nesting exhausts the stack."""
    (problem,) = problems(opening * depth)
    assert problem.kind is ProblemKind.MALFORMED


def test_deep_blocks() -> None:
    """Neither does indentation."""
    text = "".join(f"{' ' * depth}a:\n" for depth in range(700))
    (problem,) = problems(text)
    assert problem.message == "this is nested more than 500 levels deep"


@pytest.mark.parametrize(("repeats", "problem_count"), [(1_000, 1_000), (1_001, 1)])
def test_a_file_of_repeated_keys_is_refused_early(repeats: int, problem_count: int) -> None:
    """Each repeated key is a problem, until there are so many that the file is something else."""
    found = problems(POD + "x: 1\n" * (repeats + 1))
    told = [each for each in found if "repeated" in each.message or "already" in each.message]
    assert len(told) == problem_count
    if problem_count == 1:
        assert told[0].message == "more than 1,000 keys are repeated"


def test_aliases_do_not_explode() -> None:
    """A billion of values in a few lines are refused before they are looked at."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    (problem,) = problems("\n".join(lines))
    assert problem.message == "aliases stand for more than 100,000 values"


def test_a_number_without_end() -> None:
    """A number of many digits is no trap."""
    text = f'{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": {"9" * 10_000}}}}}'
    assert next(problem.kind for problem in problems(text)) is not None
    assert problems(f"kind: {'9' * 10_000}")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n---\n# nothing\n", "---\n...\n"])
def test_nothing_at_all(text: str) -> None:
    """An input that holds nothing is a problem; an empty list is not."""
    (problem,) = problems(text)
    assert problem.message == "there is nothing to load"
    assert problem.file == "db.yaml"


@pytest.mark.parametrize(
    "data",
    [
        POD.encode(),
        b"\xef\xbb\xbf" + POD.encode(),
        b"\xef\xbb\xbf" * 2 + b"{apiVersion: v1, kind: Pod, metadata: {name: a}}",
        POD.encode("utf-16"),
        POD.encode("utf-16-le"),
        POD.encode("utf-16-be"),
        POD.encode("utf-32"),
        POD.replace("\n", "\r\n").encode(),
        POD.replace("\n", "\r").encode(),
        f"{POD}...\n---\n# end".encode(),
        f"%YAML 1.2\n---\n{POD}".encode(),
        f"---\n{POD}---\n---\n".encode(),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, data: bytes) -> None:
    """Every encoding that YAML has is read, with any line ends, with or without a mark."""
    file = tmp_path / "pod.yaml"
    file.write_bytes(data)
    (pod,) = load(file).pods
    assert pod.name == "a"
    assert pod.origin is not None
    place = pod.origin.locate("metadata.name")
    assert pod.origin.quote(place.line)[place.column - 1 :].startswith("a}")


def problem_of(*paths: Path | str) -> Problem:
    """The one problem of some files."""
    with pytest.raises(ManifestError) as error:
        load(*paths)
    (problem,) = error.value.problems
    assert problem.kind is ProblemKind.MALFORMED
    return problem


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a: b\nc: \xff\n", 2, "this is no UTF-8 text (at byte 8)"),
        (b"\xff\xfea\x00:\x00 ", 1, "this is no UTF-16 text"),
        (b"a: b\x00\n", 1, "this holds a character that YAML does not allow (U+0000)"),
        (b"a: b\nc: \x1b[1m\n", 2, "this holds a character that YAML does not allow (U+001B)"),
        (b"\x7fELF\x02\x01", 1, "this holds a character that YAML does not allow (U+007F)"),
        ("a: \x80\n".encode(), None, "this holds a character that YAML does not allow"),
    ],
)
def test_bytes_that_are_no_text(
    tmp_path: Path, data: bytes, line: int | None, message: str
) -> None:
    """Bytes that are no text are refused with their place."""
    file = tmp_path / "pod.yaml"
    file.write_bytes(data)
    problem = problem_of(file)
    assert problem.message.startswith(message)
    assert (problem.file, problem.line) == (str(file), line)


def test_half_a_character() -> None:
    """A text with half a character is refused; one that is escaped becomes a replacement."""
    (problem,) = problems("a: b\nc: \ud800\n")
    assert problem.line == 2
    text = (
        '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"x": "\\uD800"}}}'
    )
    (problem,) = problems(text)
    assert problem.value == "\ufffd"
    whole = text.replace("\\uD800", "\\uD83D\\uDE00")
    assert problems(whole)[0].value == "\U0001f600"


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is missing, too large or no file is named, and so is the reason."""
    missing = problem_of(tmp_path / "no.yaml")
    assert missing.message == "there is no such file or folder"
    assert missing.file == str(tmp_path / "no.yaml")
    assert problem_of("a\0b").message == "this is no name of a file"
    assert "no manifests" in problem_of(tmp_path).message
    monkeypatch.setattr(sources, "MOST_BYTES", 100)
    large = tmp_path / "large.yaml"
    large.write_text("#" * 101)
    assert problem_of(large).message.startswith("this is larger than")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's reason is passed on in plain words."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission denied" in problem_of(tmp_path / "a.yaml").message


def test_folders(tmp_path: Path) -> None:
    """A folder stands for the manifests in it, sorted, hidden ones and other files left out."""
    files = ("b.yml", "a/z.yaml", "a/c.json", ".hidden/d.yaml", ".e.yaml", "f.txt")
    for number, name in enumerate(files):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(POD.replace("a}", f"pod-{number}}}"))
    assert [pod.name for pod in load(tmp_path).pods] == ["pod-2", "pod-1", "pod-0"]
    twice = load(tmp_path / "b.yml", tmp_path, tmp_path / "a" / ".." / "b.yml")
    assert [pod.name for pod in twice.pods] == ["pod-0", "pod-2", "pod-1"]


def test_problems_of_several_files(tmp_path: Path) -> None:
    """Problems of all files come together, in the order of the files."""
    (tmp_path / "a.yaml").write_text(HEAD + "  x: 1\n")
    (tmp_path / "b.yaml").write_text("a: b: c")
    (tmp_path / "c.yaml").write_text("")
    with pytest.raises(ManifestError) as error:
        load(tmp_path / "b.yaml", tmp_path / "none.yaml", tmp_path)
    found = [Path(str(problem.file)).name for problem in error.value.problems]
    assert sorted(found) == ["a.yaml", "b.yaml", "none.yaml"]
    assert str(error.value).count("\n") == 2


def test_an_empty_file_beside_a_full_one(tmp_path: Path) -> None:
    """A file that holds nothing does no harm beside one that does."""
    (tmp_path / "a.yaml").write_text(POD)
    (tmp_path / "b.yaml").write_text("# later\n")
    assert len(load(tmp_path).pods) == 1


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input."""

    class Input:
        buffer = io.BytesIO(POD.encode())

    monkeypatch.setattr("sys.stdin", Input())
    assert [pod.name for pod in load("-").pods] == ["a"]
    Input.buffer = io.BytesIO(b"a: b: c")
    assert problem_of("-").file == "<standard input>"


def test_the_name_of_a_text() -> None:
    """Messages call a text as they are told to."""
    with pytest.raises(ManifestError, match=r"<text>:1:1"):
        loads("- a")
    with pytest.raises(ManifestError, match=r"answer\.yaml:1:1"):
        loads("- a", file="answer.yaml")
