"""Arguments that several verbs share, and the cluster they describe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args, get_origin, get_type_hints

from netpol_sim.cluster import Cluster
from netpol_sim.errors import UnknownNameError
from netpol_sim.plugin import DOCUMENTATION, Profile
from netpol_sim.profiles import PROFILES

MANIFESTS = "a file or folder of YAML or JSON manifests; `-` is standard input"

SWITCHES = {
    "enforces": "policies have an effect",
    "ip_block_matches_pods": "an ipBlock matches pods by their addresses",
    "ip_block_matches_nodes": "an ipBlock matches nodes by their addresses",
    "own_node_egress_allowed": "a pod always reaches its own node",
    "host_network": "how policies see pods with hostNetwork",
    "egress_judged": "whether egress is judged before or after a Service is translated",
    "cluster_policy_kinds": "a kind of cluster-scoped policies that the plugin knows, instead of "
    "all; may be given several times",
    "baseline_skipped": "when a NetworkPolicy keeps the Baseline tier from being asked",
}
"""What each field of ``Profile`` says."""


TABLE_FORMS = ("text", "json", "csv", "markdown")


def add_output(parser: argparse.ArgumentParser, forms: Sequence[str] = ("text", "json")) -> None:
    """Add ``-o`` with the forms that a verb can print; the first is the usual one."""
    parser.add_argument(
        "-o",
        "--output",
        choices=forms,
        default=forms[0],
        help="what to print (default: %(default)s)",
    )


def add_manifests(parser: argparse.ArgumentParser) -> None:
    """Add the positional ``manifests``: at least one file or folder."""
    parser.add_argument("manifests", nargs="+", metavar="FILE", help=MANIFESTS)


def add_given(parser: argparse.ArgumentParser, connections: str) -> None:
    """Add the positional ``given``: manifests, and connections that say something else."""
    parser.add_argument(
        "given",
        nargs="*",
        metavar="FILE|CONNECTION",
        help=f"{MANIFESTS}; what contains `->` is {connections}",
    )


def split_given(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """What was given as manifests, and as connections.

    Raises:
        UnknownNameError: No manifest is among it.
    """
    paths = [text for text in given if "->" not in text]
    if not paths:
        raise UnknownNameError(f"no manifest is given; name {MANIFESTS}")
    return paths, [text for text in given if "->" in text]


def add_profile(parser: argparse.ArgumentParser, *, of_two: bool = False) -> None:
    """Add ``--profile``, and a switch for each field of ``Profile``.

    ``of_two`` lets it be given twice: for what is compared, and for what it is compared with.
    """
    group = parser.add_argument_group(
        "network plugin",
        "what the Kubernetes API leaves to the plugin; by default, what its documentation says",
    )
    starts = f"what the switches below start from (default: {DOCUMENTATION.name})"
    group.add_argument(
        "--profile",
        choices=PROFILES,
        action="append" if of_two else "store",
        default=None if of_two else DOCUMENTATION.name,
        help=f"{starts}; given twice, BEFORE is on the first and AFTER on the second"
        if of_two
        else starts,
    )
    hints = get_type_hints(Profile)
    for name, says in SWITCHES.items():
        option, kind = f"--{name.replace('_', '-')}", hints[name]
        if kind is bool:
            action = argparse.BooleanOptionalAction
            group.add_argument(option, action=action, default=None, help=says)
        elif get_origin(kind) is tuple:
            choices = list(map(str, get_args(kind)[0]))
            group.add_argument(option, action="append", choices=choices, help=says)
        else:
            group.add_argument(option, choices=list(map(str, kind)), default=None, help=says)


def profile(arguments: argparse.Namespace) -> Profile:
    """The profile that the arguments of ``add_profile`` ask for."""
    base, hints = PROFILES[arguments.profile], get_type_hints(Profile)
    given = {name: getattr(arguments, name) for name in SWITCHES}
    changes = {
        name: (get_origin(hints[name]) or hints[name])(value)
        for name, value in given.items()
        if value is not None
    }
    changed = replace(base, **changes)
    return changed if changed == base else replace(changed, name="custom")


def read_cluster(arguments: argparse.Namespace, paths: Sequence[str]) -> Cluster:
    """The cluster of some manifests, on the plugin that the arguments ask for.

    Kinds that were ignored, and files without an object, are named on standard error.

    Raises:
        ManifestError: A manifest cannot be read or the API server would refuse it.
    """
    from netpol_sim import manifest  # noqa: PLC0415  `--help` needs no YAML

    reading = manifest.read(*paths)
    if reading.ignored:
        listed = ", ".join(f"{count} {kind}" for kind, count in reading.ignored.items())
        print(f"netpol: ignored, no part of network policy: {listed}", file=sys.stderr)
    if reading.empty:
        print(f"netpol: empty, holds no object: {', '.join(reading.empty)}", file=sys.stderr)
    cluster = reading.cluster.with_profile(profile(arguments))
    if cluster.ignored_policies:
        listed = ", ".join(policy.key for policy in cluster.ignored_policies)
        name = cluster.profile.name
        print(f"netpol: the profile {name} does not know, and ignores: {listed}", file=sys.stderr)
    return cluster
