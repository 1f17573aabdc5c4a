"""Manifests: read Kubernetes YAML and JSON, remember where things were written, write YAML."""

from netpol_sim.manifest.reading import Manifests, load, loads, read

__all__ = ["Manifests", "load", "loads", "read"]
