# ruff: noqa: T201  a report is printed
"""Measure how fast netpol_sim is: ``python -m tests.bench [--nca PYTHON] [SECTION...]``.

Every ratio has both sides in this one run, and counts only after both gave the same answers.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from netpol_sim import loads
from netpol_sim.analysis.compare import compare
from netpol_sim.analysis.contribution import redundant, removable
from netpol_sim.analysis.diff import diff
from netpol_sim.analysis.table import Table
from netpol_sim.analysis.table.layer import Layer
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import LabelSelector
from netpol_sim.manifest.jsontext import documents
from netpol_sim.manifest.tree import Document
from netpol_sim.model import Connection
from netpol_sim.peers import PodPeer
from netpol_sim.policy import NetworkPolicy, PolicyPort, Protocol, Rule
from tests.bench import clock, nca
from tests.bench.floor import floor
from tests.bench.shapes import SHAPES, Size, objects

BASE = Size(pods=10_000, policies=1_000, namespaces=200)
Line = tuple[str, str]


def main() -> None:
    """Print a table, line by line as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--nca", metavar="PYTHON", help="compare with network-config-analyzer there"
    )
    sections = {
        section.__name__: section
        for section in (
            imports,
            verdicts,
            loading,
            tables,
            growth,
            changes,
            redundancy,
            comparison,
        )
    }
    parser.add_argument("section", nargs="*", help=f"which of {', '.join(sections)}; else all")
    arguments = parser.parse_args()
    for name in arguments.section or ([] if arguments.nca else sections):
        print(f"\n{sections[name].__doc__}")
        for row, figure in sections[name]():
            print(f"  {row:<44} {figure}", flush=True)
    if arguments.nca:
        print("\nThe whole map, all ports: network-config-analyzer and netpol_sim")
        for pods, policies, goal in ((200, 40, 15), (500, 100, 100), (1_000, 200, 300)):
            size = Size(pods=pods, policies=policies, namespaces=pods // 10)
            print(f"  {nca.compare(arguments.nca, size)} (goal {goal}x, memory 1/3)", flush=True)


def cluster_of(shape: str, size: Size) -> Cluster:
    """The cluster of a shape, loaded from its manifests."""
    return loads(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects(shape, size)}))


# -- Sections ------------------------------------------------------------------------------------


def imports() -> Iterator[Line]:
    """Start of a process, processor time, best of 8."""
    for code in ("pass", "import netpol_sim", "from netpol_sim import evaluate, load"):
        runs = [clock.process([sys.executable, "-c", code]) for _ in range(8)]
        yield code, f"{min(run.processor for run in runs) * 1e3:.0f} ms (goal < 150 ms)"


def verdicts() -> Iterator[Line]:
    """One verdict, random pairs of pods."""
    for pods in (20, 1_000, 10_000):
        cluster = cluster_of(
            "mixed", Size(pods=pods, policies=pods // 10 + 10, namespaces=pods // 50 + 2)
        )
        questions = list(_questions(cluster, 2_000))
        seconds, answers = clock.best(_answers, cluster, questions)
        each = 1e6 / len(questions)
        yield f"evaluate with its trace, {pods:,} pods", f"{seconds * each:.1f} us (goal < 100 us)"
        layer = Layer(Table(cluster), Protocol.TCP, 8080)
        positions = layer.table.population.positions
        pairs = [(positions[q.source.key], positions[q.destination.key]) for q in questions]
        known = {pair: layer.allows(*pair) for pair in pairs}
        equal = [known[pair] for pair in pairs] == answers
        hot, _ = clock.best(_all_hot, layer, pairs)
        look, _ = clock.best(_all_looked_up, known, pairs)
        figure = f"{hot * each:.2f} us, {hot / look:.1f}x a dict lookup (goal 8x)"
        yield f"table, {pods:,} pods", figure if equal else "DIFFERS from evaluate"


def loading() -> Iterator[Line]:
    """From text to a cluster."""
    found = objects("mixed", Size(pods=3_000, policies=300, namespaces=60))
    json_text = json.dumps({"apiVersion": "v1", "kind": "List", "items": found})
    yaml_text = yaml.dump_all(found, Dumper=yaml.CSafeDumper)
    clusters = []
    for kind, text, reader, goal in (
        ("JSON", json_text, json.loads, 2),
        ("YAML", yaml_text, _libyaml, 1),
    ):
        own, cluster = clock.as_called(loads, text)
        plain, _ = clock.as_called(reader, text)
        bare, _ = clock.best(reader, text)
        clusters.append(cluster)
        size, name = len(text) / 1e6, reader.__name__.strip("_")
        figure = (
            f"{size / own:.1f} MB/s, {own / plain:.1f}x {name} alone (goal {goal}x); "
            f"{own / bare:.1f}x {name} with the garbage collector off"
        )
        yield f"{kind}, {size:.1f} MB", figure
    plain, _ = clock.best(json.loads, json_text)
    read, _ = clock.best(_plain_values, json_text)
    yield "JSON as plain values, keys and places checked", f"{read / plain:.1f}x loads"
    yield "both give the same cluster", str(clusters[0] == clusters[1])


def tables() -> Iterator[Line]:
    """From loaded objects to the answer table and to all rows of one port, against the floor."""
    more = Size(pods=5_413, policies=13_678, namespaces=604)
    big = Size(pods=10_000, policies=10_000, namespaces=200)
    mixed = 0.0
    for shape, size in (("mixed", BASE), *((shape, big) for shape in SHAPES), ("mixed", more)):
        cluster = cluster_of(shape, size)
        least, _ = clock.best(floor, cluster)
        table, layer = clock.best(_table, cluster)
        rows, _ = clock.best(_rows, cluster)
        mixed = mixed if shape != "mixed" or size == more else table
        goals = ("(goal 5x)", "(goal 8x)") if size == BASE else ("", "")
        figure = (
            f"{table * 1e3:.0f} ms, {table / least:.1f}x floor {goals[0]}; "
            f"rows {rows * 1e3:.0f} ms, {rows / least:.1f}x {goals[1]}; "
            f"floor {least * 1e3:.1f} ms; {table / mixed:.1f}x mixed (goal 4x); "
            f"{_checked(cluster, layer)}"
        )
        yield f"{shape} {size.pods:,}/{size.policies:,}", figure


def growth() -> Iterator[Line]:
    """Ten times as much: what the answer table then costs."""
    small = Size(pods=10_000, policies=1_000, namespaces=100)
    base, _ = clock.best(_table, cluster_of("mixed", small))
    seconds, _ = clock.best(_table, cluster_of("mixed", replace(small, policies=10_000)))
    yield "1,000 -> 10,000 policies", f"{seconds / base:.1f}x ({seconds * 1e3:.0f} ms; goal 12x)"
    cluster = cluster_of("mixed", replace(small, pods=100_000))
    least, _ = clock.best(floor, cluster)
    seconds, _ = clock.best(_table, cluster)
    yield "10,000 -> 100,000 pods", f"{seconds / base:.1f}x ({seconds * 1e3:.0f} ms; goal 12x)"
    yield "100,000 pods, table", f"{seconds / least:.1f}x floor (goal 4x); {least * 1e3:.0f} ms"
    with TemporaryDirectory() as folder:
        file = Path(folder, "cluster.pickle")
        file.write_bytes(pickle.dumps(cluster))
        run = clock.process([sys.executable, "-m", "tests.bench.memory", str(file)])
    peak, _ = run.printed.split()
    yield "100,000 pods, peak memory", f"{peak}x the loaded cluster (goal 1.5x)"
    seconds, _ = clock.best(_rows, cluster)
    yield "100,000 pods, rows", f"{seconds / least:.1f}x floor (goal 10x)"


def changes() -> Iterator[Line]:
    """A new table after an edit, and the difference, against one compile."""
    cluster = cluster_of("mixed", BASE)
    compiled, layer = clock.best(_table, cluster)
    yield "a full compile", f"{compiled * 1e3:.0f} ms"
    edited = cluster.with_policy(_other_port(cluster))
    again, found = clock.best(_table_again, layer, edited)
    equal = "equal" if found.rows == _rows(edited) else "DIFFERENT"
    yield "a table after one edit", f"{again / compiled:.1%} of it (goal 10%); rows {equal}"
    split = cluster.with_policies(_split(cluster))
    for name, other in (("one edit", edited), ("same meaning, other policies", split)):
        seconds, change = clock.best(diff, cluster, other)
        yield f"diff, {name}", f"{seconds / compiled:.1f} compiles (goal 3); {change}"


def redundancy() -> Iterator[Line]:
    """The policies that change nothing: 1,000 pods, 200 policies."""
    size = Size(pods=1_000, policies=200, namespaces=20)
    for shape in SHAPES:
        cluster = cluster_of(shape, size)
        one, alone = clock.best(redundant, cluster)
        all_, together = clock.best(removable, cluster)
        figure = f"{one:.2f} s alone ({len(alone)}), {all_:.2f} s together ({len(together)})"
        yield shape, f"{figure} (goal < 1 s)"


def comparison() -> Iterator[Line]:
    """Two sets of policies by meaning, on every cluster."""
    policies = [_keyed_policy(number) for number in range(50)]
    same = [*reversed(policies)]
    other = [*policies[:-1], _keyed_policy(49, port=4242)]
    for name, theirs in (("equal", same), ("one port differs", other)):
        seconds, relation = clock.best(compare, policies, theirs)
        yield (
            f"50 policies a side, 30 label keys, {name}",
            f"{seconds:.2f} s (goal 2 s); {relation}",
        )


def _keyed_policy(number: int, port: int = 80) -> NetworkPolicy:
    """A policy whose selectors name two of 30 label keys."""
    own, other = (
        LabelSelector(match_labels={f"key{which % 30}": f"v{number % 4}"})
        for which in (number, number * 7 + 3)
    )
    rule = Rule(peers=(PodPeer(pod_selector=other),), ports=(PolicyPort(port=port),))
    return NetworkPolicy(namespace="shop", name=f"p{number}", pod_selector=own, ingress=(rule,))


# -- What is measured ----------------------------------------------------------------------------


def _table(cluster: Cluster) -> Layer:
    """The answer for all pairs on one port; its rows are made on request."""
    return Layer(Table(cluster), Protocol.TCP, 80)


def _rows(cluster: Cluster) -> list[int]:
    return _table(cluster).rows


def _table_again(layer: Layer, edited: Cluster) -> Layer:
    return Layer(layer.table.edited(edited), Protocol.TCP, 80)


def _all_hot(layer: Layer, pairs: list[tuple[int, int]]) -> list[bool]:
    return [layer.allows(*pair) for pair in pairs]


def _all_looked_up(known: dict[tuple[int, int], bool], pairs: list[tuple[int, int]]) -> list[bool]:
    return [known[pair] for pair in pairs]


def _plain_values(text: str) -> list[Document]:
    return list(documents(text))


def _libyaml(text: str) -> list[object]:
    return list(yaml.load_all(text, yaml.CSafeLoader))


def _answers(cluster: Cluster, questions: list[Connection]) -> list[bool]:
    return [evaluate(cluster, question).allowed for question in questions]


def _questions(cluster: Cluster, count: int, port: int = 8080) -> Iterator[Connection]:
    chance = random.Random(7)  # noqa: S311  not for secrets
    for _ in range(count):
        source, destination = chance.choices(cluster.pods, k=2)
        yield Connection(source=source, destination=destination, port=port)


def _checked(cluster: Cluster, layer: Layer) -> str:
    """Whether some cells of a layer are what ``evaluate`` says."""
    positions = layer.table.population.positions
    questions = list(_questions(cluster, 300, port=80))
    ends = [(positions[q.source.key], positions[q.destination.key]) for q in questions]
    equal = [layer.allows(*pair) for pair in ends] == _answers(cluster, questions)
    return "equal to evaluate" if equal else "DIFFERS from evaluate"


def _other_port(cluster: Cluster) -> NetworkPolicy:
    """A policy of the cluster, with a rule on another port."""
    policy = next(each for each in cluster.policies if each.ingress and each.ingress[0].ports)
    rule = replace(policy.ingress[0], ports=(PolicyPort(port=4242),))
    return replace(policy, ingress=(rule, *policy.ingress[1:]))


def _split(cluster: Cluster) -> Iterator[NetworkPolicy]:
    """The same meaning, last policy first: every rule in a policy of its own."""
    for policy in reversed(cluster.policies):
        if len(policy.ingress) < 2:
            yield policy
            continue
        for number, rule in enumerate(policy.ingress):
            yield replace(policy, name=f"{policy.name}-{number}", ingress=(rule,))


if __name__ == "__main__":
    main()
