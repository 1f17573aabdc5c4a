"""Arguments that several verbs share, and the cluster they describe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import get_type_hints

from netpol_sim.cluster import Cluster
from netpol_sim.model import DOCUMENTATION, NOT_ENFORCED, Profile

PROFILES = {profile.name: profile for profile in (DOCUMENTATION, NOT_ENFORCED)}

MANIFESTS = "a file or folder of YAML or JSON manifests; `-` is standard input"


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add ``-o text|json``."""
    parser.add_argument(
        "-o",
        "--output",
        choices=("text", "json"),
        default="text",
        help="what to print (default: %(default)s)",
    )


def add_manifests(parser: argparse.ArgumentParser) -> None:
    """Add the positional ``manifests``: at least one file or folder."""
    parser.add_argument("manifests", nargs="+", metavar="FILE", help=MANIFESTS)


def add_profile(parser: argparse.ArgumentParser) -> None:
    """Add ``--profile``, and a switch for each field of ``Profile``."""
    group = parser.add_argument_group(
        "network plugin", "what the Kubernetes API leaves to the plugin of a cluster"
    )
    group.add_argument(
        "--profile",
        choices=PROFILES,
        default=DOCUMENTATION.name,
        help="what to start from (default: %(default)s)",
    )
    hints = get_type_hints(Profile)
    for name in _switches():
        option, kind = f"--{name.replace('_', '-')}", hints[name]
        if kind is bool:
            group.add_argument(option, action=argparse.BooleanOptionalAction, default=None)
        else:
            group.add_argument(option, choices=[str(member) for member in kind], default=None)


def profile(arguments: argparse.Namespace) -> Profile:
    """The profile that the arguments of ``add_profile`` ask for."""
    base, hints = PROFILES[arguments.profile], get_type_hints(Profile)
    given = {name: getattr(arguments, name) for name in _switches()}
    changes = {name: hints[name](value) for name, value in given.items() if value is not None}
    changed = replace(base, **changes)
    return changed if changed == base else replace(changed, name="custom")


def _switches() -> list[str]:
    return [field.name for field in fields(Profile) if field.name != "name"]


def read_cluster(arguments: argparse.Namespace, paths: Sequence[str]) -> Cluster:
    """The cluster of some manifests, on the plugin that the arguments ask for.

    Kinds that were ignored are named on standard error.

    Raises:
        ManifestError: A manifest cannot be read or the API server would refuse it.
    """
    from netpol_sim import manifest  # noqa: PLC0415  `--help` needs no YAML

    reading = manifest.read(*paths)
    if reading.ignored:
        listed = ", ".join(f"{count} {kind}" for kind, count in reading.ignored.items())
        print(f"netpol: ignored, not needed here: {listed}", file=sys.stderr)
    return reading.cluster.with_profile(profile(arguments))
