from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from netpol_sim.course import course_map, publish, workspace
from netpol_sim.course.notebook import compose, kernel_connection
from netpol_sim.course.source_parts import Code, Prose, Source

FRONT = "---\ntitle: A\nminutes: 5\nobjectives: [see, say]\n---\n"  # five lines

GOOD = """\
The sum is {{ 40 + 2 }}, by hand `{{ "4" + "2" }}`.

```python
import os
from IPython.display import HTML
total = 42
HTML(f"<b>{total}</b>")
```

It is {{ total }}, {{ {"a", "b"} }}.  <!-- claim: total == 42 -->

<!-- cell: hidden -->
```python
print("one"); print("two")
os.environ["PYTHONHASHSEED"], os.path.basename(os.getcwd())
```

<!-- cell: raises-exception -->
```python
raise ValueError("so it is")
```

```python
from ipywidgets import IntSlider
display({**IntSlider(value=3)._repr_mimebundle_(), "text/html": "<p>3</p>"}, raw=True)
```
"""


def source_file(folder: Path, body: str, name: str = "01-a.md") -> Path:
    """Write a source with this body, which begins at line 6."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(FRONT + dedent(body), "utf-8")
    return folder / name


def job(path: Path) -> publish.Job:
    """The one notebook that a lesson gives."""
    (only,) = publish.jobs_of(path)
    return only


def cells(*found: Prose | Code) -> list[Any]:
    """The cells of the notebook that a source with these cells gives."""
    source = Source(path=Path("a.md"), title="A", minutes=5, objectives=("see",), cells=found)
    return list(compose(source).cells)


def test_the_first_cell_says_what_a_lesson_is_for() -> None:
    """The title, the minutes and the objectives open the notebook."""
    (opening,) = cells()
    assert opening.source == "# A\n\nAbout 5 minutes. After this you can\n\n- see"


def test_ids_follow_from_the_text() -> None:
    """A cell's id stays when others come and go, and equal cells are told apart."""
    code = [Code(python=python, tags=(), line=1) for python in ("a", "b", "a")]
    title, *whole = (cell.id for cell in cells(*code))
    assert len({title, *whole}) == 4
    assert [cell.id for cell in cells(*code[1:2])] == [title, whole[1]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> publish.Result:
    """What comes of a good source."""
    return publish.attempt(job(source_file(tmp_path_factory.mktemp("good") / "lessons", GOOD)))


def test_a_good_source_is_built(good: publish.Result) -> None:
    """Prose, values, outputs and tags arrive in the notebook."""
    assert good.problems == ()
    notebook = json.loads(good.text)
    _, before, total, after, hidden, raises, slider = notebook["cells"]
    assert "".join(before["source"]) == "The sum is 42, by hand `42`."
    assert total["outputs"][0]["data"]["text/html"] == ["<b>42</b>"]
    assert "".join(after["source"]) in {"It is 42, {'a', 'b'}.", "It is 42, {'b', 'a'}."}
    assert hidden["metadata"] == {"jupyter": {"source_hidden": True}}
    assert [output["output_type"] for output in hidden["outputs"]] == ["stream", "execute_result"]
    assert hidden["outputs"][1]["data"]["text/plain"] == ["('0', 'lessons')"]
    assert raises["metadata"] == {"tags": ["raises-exception"]}
    assert raises["outputs"][0]["traceback"] == ["ValueError: so it is\n"]
    assert set(slider["outputs"][0]["data"]) == {"text/plain", "text/html"}, "no live view"


def test_a_notebook_says_nothing_of_its_machine(good: publish.Result) -> None:
    """The metadata is the same on every machine, and there is no other."""
    notebook = json.loads(good.text)
    assert notebook["metadata"] == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
        "title": "A",
    }
    assert {key for cell in notebook["cells"] for key in cell["metadata"]} == {"jupyter", "tags"}
    counts = [cell["execution_count"] for cell in notebook["cells"] if "outputs" in cell]
    assert counts == [1, 2, 3, 4], "computing values and claims leaves no gap"


def test_kernels_that_start_together_share_nothing(tmp_path: Path) -> None:
    """What one talks over lies in its own folder: a free port may be given to two at once."""
    over = kernel_connection(str(tmp_path))["ConnectionFileMixin"]
    assert over["transport"] == "ipc"
    assert Path(over["ip"]).parent == tmp_path


def test_the_same_source_gives_the_same_bytes(good: publish.Result, tmp_path: Path) -> None:
    """Two builds in two places give one text."""
    again = publish.attempt(job(source_file(tmp_path / "lessons", GOOD)))
    assert again.text == good.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "```python\n1\n```\n```python\n1 / 0\n```\n```python\n2 / 0\n```\n",
            ["10: this cell raised ZeroDivisionError: division by zero"],
            id="a cell fails, and nothing runs after it",
        ),
        pytest.param(
            "<!-- cell: raises-exception -->\n```python\n1\n```\n",
            ["8: this cell is tagged `raises-exception` and raised none"],
            id="an exception does not come",
        ),
        pytest.param(
            """\
            ```python
            class Thing: __repr__ = object.__repr__
            x = 1
            ```

            Both. It is two. <!-- claim: x == 2 -->
            Nobody. <!-- claim: y -->
            Truthy. <!-- claim: x -->

            {{ y }} and {{ "/home/a" }}
            """,
            [
                "15: `y` raised NameError: name 'y' is not defined",
                '15: `"/home/a"` shows an absolute path, `/home/a`',
                "11: not true: “It is two.” (`x == 2` is False)",
                "12: not true: “Nobody.” (`y` raised NameError: name 'y' is not defined)",
                "13: not true: “Truthy.” (`x` is 1)",
            ],
            id="claims and values",
        ),
        pytest.param(
            "```python\nimport sys\nprint('careful', file=sys.stderr)\nobject()\n```\n",
            [" cell 2 writes to stderr: `careful`", " cell 2 shows a memory address, `0x"],
            id="outputs of one machine",
        ),
    ],
)
def test_a_bad_source_is_not_built(tmp_path: Path, body: str, expected: list[str]) -> None:
    """What fails, what is not true and what differs between machines ends the build, by name."""
    path = source_file(tmp_path, body)
    result = publish.attempt(job(path))
    assert result.text == ""
    assert len(result.problems) == len(expected)
    for problem, start in zip(result.problems, expected, strict=True):
        assert problem.startswith(f"{path}:{start}")


# --- the command


def result_of(path: Path, text: str, *problems: str) -> publish.Result:
    """A build that gave this."""
    return publish.Result(job=job(path), text=text, problems=problems, seconds=1.0)


def test_building_writes_only_what_differs(tmp_path: Path) -> None:
    """A notebook is written when its bytes differ, and left alone when they do not."""
    result = result_of(tmp_path / "01-a.md", "{}\n")
    assert publish.built(result) == (True, [f"built {tmp_path / '01-a.ipynb'} (1.0 s)"])
    assert (tmp_path / "01-a.ipynb").read_bytes() == b"{}\n"
    assert publish.built(result) == (True, [f"unchanged {tmp_path / '01-a.ipynb'} (1.0 s)"])


@pytest.mark.parametrize("report", [publish.built, publish.checked])
def test_problems_are_passed_on(tmp_path: Path, report: Any) -> None:  # noqa: ANN401 - either verb
    """A source with problems writes nothing and says them."""
    (tmp_path / "01-a.ipynb").write_text("old")
    assert report(result_of(tmp_path / "01-a.md", "", "a:1: bad")) == (False, ["a:1: bad"])
    assert (tmp_path / "01-a.ipynb").read_text() == "old"


@pytest.mark.parametrize(
    ("written", "well", "says"),
    [
        (b"{}\n", True, "same"),
        (None, False, "is missing"),
        (b"{ }\n", False, "-{ }"),
        (b"{}\r\n", False, "line endings"),
        (b"\xff", False, "is not what its source gives"),
    ],
)
def test_checking_compares_bytes(
    tmp_path: Path, written: bytes | None, says: str, *, well: bool
) -> None:
    """A notebook passes on its exact bytes; else the difference and the remedy are shown."""
    if written is not None:
        (tmp_path / "01-a.ipynb").write_bytes(written)
    result, lines = publish.checked(result_of(tmp_path / "01-a.md", "{}\n"))
    assert result is well
    assert says in "\n".join(lines)
    assert well or "build it with: python -m netpol_sim.course.publish build" in lines[0]


def test_a_difference_is_cut_to_what_one_reads() -> None:
    """A long difference is cut, and says how much more there is."""
    lines = publish.difference("", "x" * 1000 + "\n" + "y\n" * 1000)
    assert len(lines) == publish.MOST_LINES + 1
    assert max(map(len, lines)) == publish.MOST_COLUMNS
    assert lines[-1] == "... and 964 lines more"


INDEX = """\
lessons:
  - {source: 01-a, after: []}
  - {source: 02-b, after: [01-a]}
routes: [{title: All, purpose: everything}]
sets: []
"""


def small_course(folder: Path) -> Path:
    """A course of two lessons without exercises."""
    for name in ("01-a.md", "02-b.md"):
        source_file(folder / "lessons", "words", name)
    (folder / "exercises").mkdir()
    (folder / "exercises/course.yaml").write_text(INDEX)
    (folder / "README.md").write_text(f"A\n{course_map.BEGIN}\n{course_map.END}\nB\n")
    return folder


def test_sources_and_notebooks_belong_together(tmp_path: Path) -> None:
    """The index gives the sources in order; a notebook without one is an orphan."""
    folder = small_course(tmp_path)
    for name in ("00-start-here.ipynb", "01-a.ipynb", "03-c.ipynb"):
        (folder / "lessons" / name).write_text("{}")
    found = publish.sources(folder)
    assert [path.name for path in found] == ["course.yaml", "01-a.md", "02-b.md"]
    jobs = [job for path in found for job in publish.jobs_of(path)]
    assert [path.name for path in publish.orphans(folder, jobs)] == ["03-c.ipynb"]


def test_many_are_built_at_once_and_reported_in_order(tmp_path: Path) -> None:
    """Several sources are built by several processes; their results keep the given order."""
    paths = [source_file(tmp_path, "{{", f"0{number}-a.md") for number in (2, 1)]
    assert [result.path for result in publish.attempt_all([job(path) for path in paths])] == paths


@pytest.fixture
def without_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command build a notebook that is the text of its source."""
    monkeypatch.setattr(
        publish,
        "attempt_all",
        lambda jobs: [
            publish.Result(job=job, text=job.path.read_text("utf-8") + "\n", seconds=0)
            for job in jobs
        ],
    )


@pytest.mark.usefixtures("without_a_kernel")
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`build` then `check` succeed, and after an edit `check` fails and shows it."""
    path = source_file(tmp_path, "written")
    assert publish.main(["build", str(path)]) == 0
    assert publish.main(["check", str(tmp_path / "01-a.ipynb")]) == 0
    source_file(tmp_path, "edited")
    assert publish.main(["check", str(path)]) == 1
    assert "+edited" in capsys.readouterr().out


def test_the_command_refuses_a_wrong_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A source that is not there is a wrong use of the command."""
    with pytest.raises(SystemExit) as ending:
        publish.main(["build", str(tmp_path / "03-c.md")])
    assert ending.value.code == 2
    assert "there is no source" in capsys.readouterr().err


@pytest.mark.usefixtures("without_a_kernel")
def test_the_command_knows_every_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without files all are meant, with the README; a notebook without a source is a failure."""
    folder = small_course(tmp_path)
    monkeypatch.setattr(workspace, "content_folder", lambda: folder)
    assert publish.main(["check"]) == 1
    assert "README.md: its map of the course is not" in capsys.readouterr().out
    assert publish.main(["build"]) == 0
    assert publish.main(["check"]) == 0
    assert "[1](lessons/01-a.ipynb), [2](lessons/02-b.ipynb)" in (folder / "README.md").read_text()
    (folder / "lessons" / "03-c.ipynb").write_text("{}")
    assert publish.main(["check"]) == 1
    assert "03-c.ipynb: no source gives this notebook" in capsys.readouterr().out


@pytest.mark.usefixtures("without_a_kernel")
@pytest.mark.parametrize(
    ("changed", "names"),
    [
        (None, []),
        ("lessons/02-b.md", ["02-b"]),
        ("lessons/01-a.ipynb", ["01-a"]),
        ("exercises/worlds.yaml", ["00-start-here", "glossary", "01-a", "02-b"]),
        (".publish.json", ["00-start-here", "glossary", "01-a", "02-b"]),
    ],
)
def test_only_what_changed_is_built_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: str | None,
    names: list[str],
) -> None:
    """A second build leaves out a notebook unless it, its source or what all share has changed."""
    folder = small_course(tmp_path)
    monkeypatch.setattr(workspace, "content_folder", lambda: folder)
    publish.main(["build"])
    capsys.readouterr()
    if changed:
        before = (folder / changed).read_text() if (folder / changed).is_file() else ""
        (folder / changed).write_text(before + "\n#")
    assert publish.main(["build"]) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"(?:built|unchanged) .*?([\w-]+)\.ipynb", shown) == names
    assert ("have not changed" in shown) is (len(names) < 4)
