"""A plugin of pytest: each notebook that is run has a workspace of its own.

So what a learner did in one notebook, which the course remembers, changes nothing in another one.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

WORKSPACE = "NETPOL_WORKSPACE"


class OwnWorkspace:
    """Tells a notebook's folder to its kernel, which starts with the notebook's first cell."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Make the folder of the item's notebook the workspace."""
        folder = self._parent / item.path.parent.name / item.path.stem
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[WORKSPACE] = str(folder)


def pytest_configure(config: pytest.Config) -> None:
    """Take the workspace of the whole run as the folder that holds the others."""
    config.pluginmanager.register(OwnWorkspace(Path(os.environ[WORKSPACE])))
