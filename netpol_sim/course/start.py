"""Open the course in JupyterLab: ``netpol start``, and the last step of ``start.py``."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from netpol_sim.course import playground_server, workspace
from netpol_sim.course.workspace import Action, Step, WorkspaceError
from netpol_sim.errors import NetpolError

JUPYTER_CONFIGURATION = Path(__file__).resolve().parent / "jupyter"

# what the file browser leaves out: the texts that notebooks are built from, and the program
HIDDEN = ("__pycache__", "*~", "[0-9][0-9]-*.md", "annex-*.md", "practise.md")
HIDDEN_IN_CHECKOUT = ("LICENSE", "netpol_sim", "pyproject.toml", "start.py", "tests")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``netpol start`` to a parser."""
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument(
        "--playground",
        action="store_true",
        help="only a page to try policies on the course's worlds; needs no JupyterLab",
    )
    parser.add_argument("--port", type=int, default=8888, help="the first port to try")
    parser.add_argument(
        "--workspace",
        type=Path,
        metavar="FOLDER",
        help="where your work is kept (default: the checkout, or ~/netpol-course)",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the options of ``netpol start`` ask; give the exit code.

    Raises:
        WorkspaceError: As of ``start``, or no port is free.
    """
    browser = not options.no_browser
    if options.playground:
        pages = playground_server.course_pages(workspace.content_folder())
        playground_server.serve(pages, port=options.port, browser=browser)
    else:
        start(folder=options.workspace, port=options.port, browser=browser)
    return 0


def start(*, folder: Path | None = None, port: int = 8888, browser: bool = True) -> NoReturn:
    """Open the course in a workspace and serve it until Ctrl-C, which ends the process.

    Raises:
        WorkspaceError: The workspace cannot be made, or JupyterLab is not installed.
    """
    if not find_spec("jupyterlab"):
        raise WorkspaceError(
            "JupyterLab is not installed here: `pip install 'netpol-sim[course]'` brings it, "
            "and in a checkout `python3 start.py`"
        )
    chosen = (folder or workspace.default_folder()).expanduser().resolve()
    if chosen == workspace.checkout_folder():
        (chosen / workspace.ANSWERS).mkdir(exist_ok=True)
    else:
        steps = workspace.update(workspace.content_folder(), chosen)
        print(*describe(chosen, steps), sep="\n", flush=True)
    serve(chosen, port=port, browser=browser)


def describe(folder: Path, steps: Sequence[Step]) -> list[str]:
    """Say what an update did, in a few lines."""
    lines = [f"Your workspace is {folder}"]
    written = sum(step.action in {Action.ADD, Action.REPLACE} for step in steps)
    if written:
        lines.append(f"New or newer course files: {written}")
    lines += [
        f"You changed {step.path}; the newer version is beside it: {step.target}"
        for step in steps
        if step.action is Action.BESIDE
    ]
    return lines


def serve(folder: Path, *, port: int, browser: bool) -> NoReturn:
    """Be JupyterLab in a folder until Ctrl-C, which ends the process."""
    os.environ.update(server_environment(os.environ))
    # Half of JupyterLab's start goes into a grammar of addresses that none of its messages holds;
    # a module set to None counts as not installed, and the check that would use it is optional.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - slow, and only wanted to serve

    trust(workspace.content_folder())
    address = first_page(folder)
    server = LabApp.initialize_server(
        server_arguments(folder, address=address, port=port, browser=browser)
    )
    here = server.connection_url.rstrip("/") + address
    server.io_loop.add_callback(announce, here, server.identity_provider.token)  # once it listens
    server.start()
    with contextlib.suppress(OSError):  # the terminal may have gone
        print("Closed. Your work is kept.", flush=True)
    os._exit(0)  # a thread of the server's can wait for a kernel that was still starting, for ever


def announce(address: str, token: str) -> None:
    """Say where the course is."""
    print(f"\nThe course is open at {address}{f'?token={token}' if token else ''}")
    print("Ctrl-C closes it.", flush=True)


def server_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What the server's environment needs beyond what it has.

    Our settings for JupyterLab come before the learner's own; the ``netpol`` command and Python
    of this installation are the ones that a terminal in JupyterLab finds; and the token is kept
    out of the list of processes.
    """
    before = {
        "JUPYTER_CONFIG_PATH": str(JUPYTER_CONFIGURATION),
        "PATH": str(Path(sys.executable).parent),
    }
    joined = {
        name: os.pathsep.join(part for part in (value, environment.get(name)) if part)
        for name, value in before.items()
    }
    return {**joined, "JUPYTER_TOKEN": secrets.token_hex(24)}


def server_arguments(folder: Path, *, address: str, port: int, browser: bool) -> list[str]:
    """JupyterLab's command line for a folder."""
    hidden = [*HIDDEN, *(HIDDEN_IN_CHECKOUT if folder == workspace.checkout_folder() else ())]
    return [
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={browser}",
        f"--LabApp.default_url={address}",
        f"--LabApp.workspaces_dir={folder / workspace.STATE / 'layout'}",
        f"--ContentsManager.hide_globs={hidden}",
        "--ServerApp.allow_root=True",  # it listens to this machine alone
        "--KernelManager.transport_encryption=auto",  # and nobody listens to its kernels
        "--ServerApp.answer_yes=True",  # Ctrl-C needs no second word
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
    ]


def first_page(folder: Path) -> str:
    """Lesson 1 the first time; afterwards JupyterLab as the learner left it."""
    layout = folder / workspace.STATE / "layout"
    lessons = sorted((folder / "lessons").glob("[0-9][0-9]-*.ipynb"))
    if not lessons or (layout.is_dir() and any(layout.iterdir())):
        return "/lab"
    return f"/lab/tree/lessons/{lessons[0].name}"


def trust(content: Path) -> None:
    """Let JupyterLab show the outputs of the notebooks that we shipped, wherever they lie."""
    import nbformat  # noqa: PLC0415 - only wanted to serve
    from nbformat.sign import NotebookNotary  # noqa: PLC0415 - as above

    with NotebookNotary() as notary:
        for folder in workspace.CONTENT_FOLDERS:
            for path in (content / folder).rglob("*.ipynb"):
                if ".ipynb_checkpoints" in path.parts:
                    continue
                notebook = nbformat.read(path, as_version=4)
                if not notary.check_signature(notebook):
                    notary.sign(notebook)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``python -m netpol_sim.course.start``; give the exit code."""
    parser = argparse.ArgumentParser("netpol start", description=__doc__)
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        return run(options)
    except NetpolError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
