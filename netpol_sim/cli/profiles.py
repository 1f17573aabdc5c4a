"""``netpol profiles``: what network plugins do where the API leaves it open, with sources."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from netpol_sim.cli import arguments as shared
from netpol_sim.profiles import PLUGINS, Plugin
from netpol_sim.render import facts, json

_EXAMPLES = """\
examples:
  netpol profiles
  netpol check cluster.yaml 'bank/api -> bank/db:5432' --profile cilium
  netpol diff cluster.yaml cluster.yaml --profile calico --profile cilium
"""


def add_parser(subparsers: Any) -> None:  # noqa: ANN401  argparse keeps the type to itself
    """Add the arguments of ``profiles``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "profiles",
        description="List what network plugins do where the API leaves it open.",
        epilog=_EXAMPLES,
    )
    shared.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every profile with its facts, and return 0."""
    if arguments.output == "json":
        items: list[json.Json] = [
            {
                "name": plugin.profile.name,
                "facts": _facts(plugin),
            }
            for plugin in PLUGINS
        ]
        sys.stdout.write(json.dumps(json.envelope("ProfileList", {"items": items})))
    else:
        print("\n".join(_text(plugin) for plugin in PLUGINS))
    return 0


def _facts(plugin: Plugin) -> json.Json:
    return [
        {
            "field": fact.field,
            "says": fact.says,
            "source": fact.source,
            "verified": fact.verified,
        }
        for fact in plugin.facts
    ]


def _text(plugin: Plugin) -> str:
    lines = [plugin.profile.name]
    lines += [f"  {facts.sentence(fact)}" for fact in plugin.facts]
    return "\n".join(lines)
