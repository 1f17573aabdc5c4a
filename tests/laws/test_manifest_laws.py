"""Laws of manifests: what is written is read back, however it is written and whoever parses it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim.cluster import Cluster
from netpol_sim.errors import ManifestError
from netpol_sim.manifest import block, dump, loads, yamltext
from netpol_sim.origin import Origin
from netpol_sim.plugin import DOCUMENTATION
from tests.laws import strategies
from tests.laws.forms import FORMS, as_it_is, as_json, as_list, as_one_line, values

CLUSTERS = strategies.clusters().map(lambda cluster: cluster.with_profile(DOCUMENTATION))
THOROUGH = settings(max_examples=60)


@THOROUGH
@given(CLUSTERS)
def test_what_is_written_is_read_back(cluster: Cluster) -> None:
    """`loads(dump(x)) == x`, and writing that again gives the same text."""
    text = dump(cluster)
    assert loads(text) == cluster
    assert dump(loads(text)) == text


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)
@given(CLUSTERS)
def test_the_form_does_not_matter(form: Callable[[str], str], cluster: Cluster) -> None:
    """JSON, lists, flow style and other line ends mean the same."""
    assert loads(form(dump(cluster))) == cluster


def origins(cluster: Cluster) -> list[Origin | None]:
    """Where everything of a cluster was written."""
    found = [thing.origin for thing in cluster.namespaces]
    found += [thing.origin for thing in cluster.nodes]
    found += [thing.origin for thing in cluster.pods]
    found += [thing.origin for thing in cluster.services]
    found += [thing.origin for thing in cluster.policies]
    return found + [thing.origin for thing in cluster.cluster_policies]


def places(cluster: Cluster) -> list[dict[str, tuple[int, int]]]:
    """The place of every field of a cluster."""
    return [dict(origin.positions) for origin in origins(cluster) if origin is not None]


def outcome(text: str) -> object:
    """What becomes of a text: the cluster and its places, or that there is none."""
    try:
        cluster = loads(text)
    except ManifestError:
        return None
    return cluster, places(cluster)


@settings(max_examples=20)
@given(CLUSTERS, st.sampled_from([as_it_is, *FORMS]))
def test_both_parsers_read_the_same(cluster: Cluster, form: Callable[[str], str]) -> None:
    """The parsers in C and in Python agree on every value and every place."""
    text = form(dump(cluster))
    by_default = outcome(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamltext, "PARSER", yaml.SafeLoader)
        patch.setattr(block, "document", lambda _, __: None)
        assert outcome(text) == by_default


def leaves(value: object, path: str = "") -> dict[str, str]:
    """The scalars of a plain value as YAML shows them, by path."""
    if isinstance(value, dict):
        found = [leaves(item, f"{path}.{key}" if path else key) for key, item in value.items()]
    elif isinstance(value, list):
        found = [leaves(item, f"{path}[{index}]") for index, item in enumerate(value)]
    else:
        return {path: json.dumps(value) if isinstance(value, bool | int) else str(value)}
    return {path: text for part in found for path, text in part.items()}


@pytest.mark.parametrize("form", [as_it_is, as_list, as_json, as_one_line])
@settings(max_examples=20)
@given(CLUSTERS)
def test_places_are_where_the_values_stand(form: Callable[[str], str], cluster: Cluster) -> None:
    """At the place of each scalar stands that scalar, in quotes or without."""
    text = form(dump(cluster))
    lines = text.splitlines()
    for origin, value in zip(
        filter(None, origins(loads(text))), values(dump(cluster)), strict=True
    ):
        for path, scalar in leaves(value).items():
            line, column = origin.positions[path]
            there = lines[line - 1][column - 1 :]
            assert there.startswith((scalar, f'"{scalar}"', json.dumps(scalar)))
