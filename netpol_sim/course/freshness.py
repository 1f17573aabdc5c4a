"""What has been built already, so that only what changed is built again.

A notebook is fresh when everything it was built from, and the notebook itself, are as they were
when it was last built here.  The record is a file of this machine's; losing it costs one build.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import netpol_sim

RECORD = ".publish.json"
_BUILT = {".md", ".ipynb"}  # sources and notebooks: each counts for itself only


def inputs(folder: Path) -> str:
    """A fingerprint of what every notebook is built from: the package, the worlds, the policies."""
    package = Path(netpol_sim.__file__).parent
    content = (folder / name for name in ("lessons", "exercises", ".ci"))
    files = [*package.rglob("*.py"), *(path for part in content for path in _data(part))]
    return _digest(sorted(files))


def fingerprint(everything: str, source: Path, notebook: Path) -> str:
    """A fingerprint of one notebook and what it was built from; ``everything`` as of ``inputs``."""
    return _digest([source, notebook], start=everything)


def recorded(folder: Path) -> Mapping[str, str]:
    """The fingerprints of what was built last, by notebook."""
    try:
        found = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def record(folder: Path, fingerprints: Mapping[str, str]) -> None:
    """Remember what was built, beside what is remembered already."""
    known = {**recorded(folder), **fingerprints}
    (folder / RECORD).write_text(json.dumps(known, indent=1, sort_keys=True), "utf-8")


def _data(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in _BUILT and ".ipynb_checkpoints" not in path.parts:
            yield path


def _digest(files: Iterable[Path], start: str = "") -> str:
    digest = hashlib.sha256(start.encode())
    for path in files:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
