"""A plugin of pytest: each notebook that is run has a workspace and a kernel socket of its own.

So what a learner did in one notebook, which the course remembers, changes nothing in another one;
and two kernels that start at the same moment are never given the same port.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager

from netpol_sim.course.notebook import kernel_connection

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
        # nbval makes its kernels so, and has no option for how to talk to them.
        nbval.kernel.KernelManager = partial(KernelManager, config=kernel_connection(str(folder)))


def pytest_configure(config: pytest.Config) -> None:
    """Take the workspace of the whole run as the folder that holds the others."""
    config.pluginmanager.register(OwnWorkspace(Path(os.environ[WORKSPACE])))
