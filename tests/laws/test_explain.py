"""Laws of explanations: whole and true to the verdict, whatever the cluster."""

from __future__ import annotations

import json as plain_json
import re

from hypothesis import example, given, settings

from netpol_sim.ask import ask_service
from netpol_sim.cluster import Cluster
from netpol_sim.evaluate import evaluate
from netpol_sim.labels import Labels, LabelSelector, Operator, Requirement
from netpol_sim.model import Connection, Entity, Service, ServicePort
from netpol_sim.render import describe, json, rule_words
from netpol_sim.render.nearest import nearest_miss
from netpol_sim.render.text import Length, explain
from netpol_sim.verdict import Reason, Verdict
from tests.laws import strategies

few = settings(max_examples=60)


def deciding_policies(verdict: Verdict) -> set[str]:
    """The policies that refuse, or the first whose rule allows at each isolated end."""
    found = set()
    for end in verdict.ends:
        if not end.allowed:
            found |= {policy.key for policy in end.isolated_by}
        elif verdict.allowed and end.matched:
            found.add(end.matched[0].policy.key)
    return found


def is_well_formed(text: str) -> bool:
    """Whether every line is a sentence in ASCII with every gap filled in."""
    lines = [line.strip() for line in text.splitlines() if line]
    gaps = ("{", "}", "None", "  ", "()", " .", " ,")
    return text.isascii() and all(
        line.endswith((".", ":")) and not any(gap in line for gap in gaps) for line in lines
    )


@few
@given(strategies.questions())
def test_explanations_of_verdicts(question: tuple[Cluster, Connection]) -> None:
    """Each length is well formed, gives the verdict's answer and names the deciding policies."""
    cluster, connection = question
    verdict = evaluate(cluster, connection)
    answer = "allowed" if verdict.allowed else "denied"
    for length in Length:
        said = explain(verdict, length)
        assert is_well_formed(said), said
        assert said.startswith(f"{connection} is {answer}")
        assert all(f" {policy}" in said for policy in deciding_policies(verdict)), said
    assert "\n" not in explain(verdict, Length.LINE)


@few
@given(strategies.questions())
def test_traces_are_complete(question: tuple[Cluster, Connection]) -> None:
    """A trace shows every policy, rule, peer and port that was looked at, and every caveat."""
    cluster, connection = question
    verdict = evaluate(cluster, connection)
    said = [line.strip() for line in explain(verdict, Length.TRACE).splitlines()]
    entries = [line for line in said if line.startswith(("from[", "to[", "ports["))]
    steps = [step for end in verdict.ends for step in end.steps]
    assert len(entries) == sum(len(step.peers) + len(step.ports) for step in steps)
    assert sum(line.startswith("Rule ") for line in said) == len(steps)
    assert sum("matches." in line for line in said if line.startswith("Rule ")) == sum(
        step.matched for step in steps
    )
    assert sum(line.startswith("Note: ") for line in said) == len(verdict.caveats)


@few
@given(strategies.questions())
def test_nearest_misses(question: tuple[Cluster, Connection]) -> None:
    """An end has a nearest miss exactly when rules were looked at and none matched."""
    cluster, connection = question
    for end in evaluate(cluster, connection).ends:
        miss = nearest_miss(end, connection)
        assert (miss is not None) == (end.reason is Reason.NO_RULE_MATCHED)
        if miss is not None:
            assert miss.step in end.steps
            assert (miss.peer is None) == miss.step.peer_matched
            assert (miss.port is None) == miss.step.port_matched
            halves = max(step.peer_matched + step.port_matched for step in end.steps)
            assert miss.step.peer_matched + miss.step.port_matched == halves


@few
@given(strategies.service_questions())
def test_explanations_of_services(question: tuple[Cluster, Entity, Service, ServicePort]) -> None:
    """A connection to a Service is explained as well, with each of its backends."""
    cluster, source, service, port = question
    answer = ask_service(cluster, source, service, port.port, port.protocol)
    for length in Length:
        said = explain(answer, length)
        assert is_well_formed(said), said
        assert said.startswith(f"{source} -> {service}:{port.port}/{port.protocol} ")
    trace = explain(answer, Length.TRACE)
    assert all(f"{backend.connection.destination}:" in trace for backend in answer.backends)
    assert plain_json.loads(json.dumps(json.answer(answer))) == json.answer(answer)


@few
@given(strategies.questions())
def test_json_of_verdicts(question: tuple[Cluster, Connection]) -> None:
    """A JSON document survives being written and read, and agrees with its verdict."""
    cluster, connection = question
    verdict = evaluate(cluster, connection)
    document = json.answer(verdict)
    assert plain_json.loads(json.dumps(document)) == document
    assert document["allowed"] is verdict.allowed
    assert document["deniedBy"] == [str(direction) for direction in verdict.denied_by]


def carried_out(said: str, labels: Labels) -> Labels:
    """Labels after what ``needs`` says was done to them, read word by word as a person would."""
    changed = dict(labels)
    for wish in re.split(r" and (?=had |did )", said.removeprefix("it ")):
        match wish.replace('""', "").split(" "):
            case ["had", "no", "label", key]:
                changed.pop(key)
            case ["had", "a", "label", key]:
                changed[key] = "anything"
            case ["had", "a", "label", key, "other", "than", *_]:
                changed[key] = "something-else"
            case ["did", "not", "have", pair]:
                changed.pop(pair.partition("=")[0])
            case ["had", pair]:
                key, _, value = pair.partition("=")
                changed[key] = value
            case ["had", key, "in", first, *_]:
                changed[key] = first.strip("(,)")
            case _:
                raise AssertionError(said)
    return Labels(changed)


EXISTS = Requirement(key="app", operator=Operator.EXISTS)
NOT_API = Requirement(key="app", operator=Operator.NOT_IN, values=("api",))


@given(strategies.selectors(), strategies.labels())
@example(LabelSelector(match_expressions=(EXISTS, NOT_API)), Labels())
@example(LabelSelector(match_expressions=(EXISTS, NOT_API)), Labels({"app": "api"}))
@example(LabelSelector(match_labels={"app": "api"}, match_expressions=(NOT_API,)), Labels())
def test_what_labels_would_need_is_enough(selector: LabelSelector, labels: Labels) -> None:
    """Labels changed as the sentence asks fit the selector; a contradiction fits no labels."""
    if selector.matches(labels):
        assert describe.unmet(selector, labels) == []
        return
    said = describe.needs(selector, "it", labels)
    if said == rule_words.NO_CONTRADICTION:
        assert not any(selector.matches(known) for known in strategies.LABELS)
    else:
        assert selector.matches(carried_out(said, labels)), said
