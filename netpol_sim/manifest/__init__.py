"""Manifests: read Kubernetes YAML and JSON, remember where things were written, write YAML."""

from netpol_sim.manifest.reading import Manifests, load, loads, read
from netpol_sim.manifest.writer import dump

__all__ = ["Manifests", "dump", "load", "loads", "read"]
