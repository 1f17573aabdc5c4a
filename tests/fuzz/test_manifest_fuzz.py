"""Whatever bytes are given: a cluster or a ManifestError, and nothing else, in bounded time."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from netpol_sim.cluster import Cluster
from netpol_sim.errors import ManifestError, Problem
from netpol_sim.manifest import block, dump, load, loads, yamltext
from netpol_sim.manifest.flattened import unflatten
from tests.laws import strategies
from tests.laws.forms import as_json

ROOT = Path(__file__).parents[2]
SEEDS = [
    file.read_text(encoding="utf-8")
    for folder in (ROOT / "exercises" / "worlds", ROOT / "tests" / "golden" / "problems")
    for file in sorted(folder.glob("*.yaml"))
]
FIELDS = (
    *("apiVersion", "kind", "metadata", "spec", "name", "namespace", "labels", "podSelector"),
    *("namespaceSelector", "matchLabels", "matchExpressions", "key", "operator", "values"),
    *("ingress", "egress", "from", "to", "ports", "port", "endPort", "protocol", "ipBlock"),
    *("cidr", "except", "policyTypes", "items", "status", "template"),
)
VALUES = (
    *("v1", "networking.k8s.io/v1", "NetworkPolicy", "Pod", "List", "PodList", "Deployment"),
    *("Service", "In", "Exists", "Ingress", "Egress", "TCP", "80", "0", "1e3", "on", "y", "null"),
    *("~", '"80"', "'a'", "{}", "[]", "10.0.0.0/8", "::/0", "0x", "01", "a", "=", "."),
)
SIGNS = (
    *("-", ":", "?", "|", ">", "&", "*", "!", "%", "@", "`", "#", "<<", "---", "...", "&a", "*a"),
    *("!!str", "!!int", "!!set", "{{", "}}", "{", "}", "[", "]", "\\", '"', "'", ","),
)
WORDS = (*FIELDS, *VALUES, *SIGNS)
GLUE = ["", " ", "  ", "    ", "\n", "\n  ", "\n    ", "\n- ", ": ", ":", "\t", "\r\n", "\r", ", "]
GLUE += ["\u2028", "\x85", "\ufeff", "\xa0", "\x00", "\x1b", "\U0001f600", "é"]

BOUNDED = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def is_told_well(problem: Problem) -> bool:
    """Whether a problem has a place and one printable line of message."""
    text = f"{problem}\n{problem.help}"
    text.encode()
    return (
        problem.message.isprintable()
        and (problem.line is None or problem.line > 0)
        and (problem.column is None or problem.column > 0)
        and bool(problem.file)
    )


def loaded(text: str) -> Cluster | None:
    """The cluster of a text, or None when the problems of the text are told well."""
    problems: tuple[Problem, ...] = ()
    try:
        return loads(text)
    except ManifestError as error:
        problems = error.problems
    assert problems
    assert all(is_told_well(problem) for problem in problems)
    return None


def survive(text: str) -> None:
    """Load a text; when it is a cluster, its places are known, and it can be written."""
    cluster = loaded(text)
    if cluster is None:
        return
    assert all(dict(policy.origin.positions) for policy in cluster.policies if policy.origin)
    assert all(dict(pod.origin.positions) for pod in cluster.pods if pod.origin)
    assert loads(dump(cluster)) == cluster


@BOUNDED
@given(
    st.binary(max_size=200)
    | st.text(max_size=60).flatmap(
        lambda text: st.sampled_from(
            [
                text.encode(code, "surrogatepass")
                for code in ("utf-8", "utf-16", "utf-32", "utf-16-be")
            ]
        )
    )
)
@example(b"\xff\xfe\x00")
@example(b"\x00\x00\xfe\xff\x00")
@example(b"\xef\xbb\xbf\xef\xbb\xbf{}")
@example(b"%TAG ! ! \n---")
def test_random_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """A file of any bytes does no harm, nor does a text of any characters."""
    file = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    file.write_bytes(data)
    with contextlib.suppress(ManifestError):
        load(file)
    survive(data.decode("latin-1"))


@BOUNDED
@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(GLUE), max_size=60).map("".join))
def test_words_of_yaml(text: str) -> None:
    """Neither do the words and signs of YAML and of manifests, in any order."""
    survive(text)


@BOUNDED
@given(st.text(alphabet=string.printable, max_size=80))
def test_printable_text(text: str) -> None:
    """Nor any text."""
    survive(text)


@st.composite
def mutated(draw: DrawFn) -> str:
    """A manifest with lines deleted, repeated, moved, indented, cut, or with words replaced."""
    lines = draw(st.sampled_from(SEEDS)).splitlines(keepends=True)
    start = draw(st.integers(0, max(0, len(lines) - 1)))
    lines = lines[start : start + draw(st.integers(1, 40))]
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(lines) - 1))
        line = lines[index]
        lines[index] = draw(st.sampled_from(CHANGES))(line, draw(st.sampled_from(WORDS)))
    return "".join(lines)


CHANGES: list[Callable[[str, str], str]] = [
    lambda _, __: "",
    lambda line, _: line * 2,
    lambda line, _: f" {line}",
    lambda line, _: f"  {line}",
    lambda line, _: f"\t{line}",
    lambda line, _: f"- {line}",
    lambda line, _: line.removeprefix("  "),
    lambda line, _: line.lstrip(),
    lambda line, _: line.rstrip("\n"),
    lambda line, _: line.replace(":", "", 1),
    lambda line, _: line.replace(": ", ":", 1),
    lambda line, _: line.replace("- ", "", 1),
    lambda line, word: f"{line.partition(':')[0]}: {word}\n",
    lambda line, word: f"{line.rstrip()} {word}\n",
    lambda line, word: f"{line[: len(line) - len(line.lstrip())]}{word}: {line.lstrip()}",
    lambda line, _: "---\n" + line,
]


@settings(BOUNDED, max_examples=300)
@given(mutated())
def test_mutated_manifests(text: str) -> None:
    """Nor does a manifest with a few mistakes; flattened text is restored or left alone."""
    survive(text)
    unflatten(text)
    unflatten("".join(line.lstrip() for line in text.splitlines(keepends=True)))


@settings(BOUNDED, max_examples=40)
@given(strategies.clusters(), st.data())
def test_mutated_json(cluster: Cluster, data: st.DataObject) -> None:
    """Nor JSON with a piece cut out or put in."""
    text = as_json(dump(cluster))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    survive(text[:start] + data.draw(st.sampled_from(["", *SIGNS, *VALUES])) + text[end:])


@settings(BOUNDED, max_examples=100)
@given(st.one_of(mutated(), st.lists(st.sampled_from([*WORDS, *GLUE]), max_size=40).map("".join)))
def test_the_parser_in_python_is_as_robust(text: str) -> None:
    """Without libyaml the same holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamltext, "PARSER", yaml.SafeLoader)
        patch.setattr(block, "document", lambda _, __: None)
        survive(text)
