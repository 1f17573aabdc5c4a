"""One notebook from one source: run in a fresh kernel, the same bytes on every machine.

Nothing is built whose cells fail, whose claims are not true, or whose outputs could not be the
same elsewhere.
"""

from __future__ import annotations

import ast
import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

import netpol_sim
from netpol_sim.course import hygiene
from netpol_sim.course.source_parts import Code, Prose, Source, SourceError

SECONDS_PER_CELL = 120
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

KERNEL_ARGUMENTS = (
    "--InteractiveShell.xmode=Minimal",  # an exception is one line, without a traceback's paths
    "--InteractiveShell.colors=nocolor",
    "--IPKernelApp.log_level=ERROR",  # it would warn that other users of the machine may listen
)


class PublishError(SourceError):
    """A source that reads well but gives no notebook; ``problems`` as in ``SourceError``."""


def publish(text: Source) -> str:
    """Build a notebook from its source: run it, check it, and give the file's text.

    Raises:
        PublishError: A cell fails, a claim is not true, or an output belongs to this machine.
    """
    notebook = compose(text)
    problems = asyncio.run(_Run(text, notebook).problems())
    if not problems:
        faults = hygiene.faults(notebook, hygiene.this_machine())
        problems = [f"{text.path}: {fault}" for fault in faults]
    if problems:
        raise PublishError(tuple(problems))
    without_views(notebook)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False)) + "\n"


def compose(text: Source) -> NotebookNode:
    """The notebook as it is before it runs; its cells are the title and those of the source."""
    cells = [new_markdown_cell(opening(text))]
    for cell in text.cells:
        if isinstance(cell, Code):
            cells.append(new_code_cell(cell.python, metadata=code_metadata(cell.tags)))
        else:
            cells.append(
                new_markdown_cell("".join(part for part in cell.parts if isinstance(part, str)))
            )
    seen: dict[str, int] = {}
    for cell in cells:
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, "title": text.title}
    notebook: NotebookNode = new_notebook(cells=cells, metadata=metadata)
    return notebook


def opening(text: Source) -> str:
    """The first cell: the title, the time it takes, and what one can do afterwards."""
    objectives = "\n".join(f"- {objective}" for objective in text.objectives)
    return f"# {text.title}\n\nAbout {text.minutes} minutes. After this you can\n\n{objectives}"


def code_metadata(tags: Iterable[str]) -> dict[str, object]:
    """A cell's metadata for its tags."""
    metadata: dict[str, object] = {}
    if "hidden" in tags:
        metadata["jupyter"] = {"source_hidden": True}
    if "raises-exception" in tags:
        metadata["tags"] = ["raises-exception"]
    return metadata


def without_views(notebook: NotebookNode) -> None:
    """Take out the links to live widgets, which mean nothing after the kernel has gone."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def kernel_environment(scratch: str) -> dict[str, str]:
    """The same environment for the kernel whoever builds; ``scratch`` is an empty folder."""
    ours = str(Path(netpol_sim.__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (ours, os.environ.get("PYTHONPATH")) if part)
    return {
        **os.environ,
        "COLUMNS": "100",
        "IPYTHONDIR": scratch,  # without the author's own IPython configuration
        "NETPOL_WORKSPACE": scratch,  # without the author's own answers
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        "TZ": "UTC",
    }


def kernel_connection(scratch: str) -> Config:
    """How to talk to the kernel: over files in ``scratch``, where the machine can do it.

    Over the network two kernels that start at the same moment may be given the same port.
    """
    if os.name != "posix":
        return Config()
    return Config({"ConnectionFileMixin": {"transport": "ipc", "ip": f"{scratch}/kernel"}})


class _Run:
    """One run of a notebook in a fresh kernel, which fills in its outputs and values."""

    def __init__(self, text: Source, notebook: NotebookNode) -> None:
        self.text = text
        self.notebook = notebook
        self.client = NotebookClient(
            notebook,
            kernel_name=KERNEL["name"],
            timeout=SECONDS_PER_CELL,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(text.path.resolve().parent)}},
            extra_arguments=list(KERNEL_ARGUMENTS),
        )

    async def problems(self) -> list[str]:
        """Run all cells; give what went wrong.  Nothing after a failing cell is run."""
        found: list[str] = []
        with tempfile.TemporaryDirectory() as scratch:
            environment = kernel_environment(scratch)
            self.client.update_config(kernel_connection(scratch))
            async with self.client.async_setup_kernel(env=environment):
                for index, cell in enumerate(self.text.cells, start=1):
                    if isinstance(cell, Prose):
                        found += await self.prose(cell, self.notebook.cells[index])
                    elif problem := await self.code(cell, index):
                        found.append(problem)
                        break
        return found

    async def code(self, cell: Code, index: int) -> str | None:
        built = self.notebook.cells[index]
        try:
            await self.client.async_execute_cell(built, index)
        except CellExecutionError as error:
            return self.problem(cell.line, f"this cell raised {error.ename}: {error.evalue}")
        except (CellTimeoutError, DeadKernelError) as error:
            return self.problem(cell.line, f"this cell did not come to its end: {error}")
        raised = any(output.output_type == "error" for output in built.outputs)
        if "raises-exception" in cell.tags and not raised:
            return self.problem(cell.line, "this cell is tagged `raises-exception` and raised none")
        return None

    async def prose(self, cell: Prose, built: NotebookNode) -> list[str]:
        found = []
        values = []
        for part in cell.parts:
            if isinstance(part, str):
                values.append(part)
                continue
            value, fault = await self.evaluate(f"str({part.python})")
            faults = [fault] if fault else hygiene.faults_of_text(value, hygiene.this_machine())
            found += [self.problem(part.line, f"`{part.python}` {said}") for said in faults]
            values.append(value)
        built.source = "".join(values)
        for claim in cell.claims:
            value, fault = await self.evaluate(f"repr({claim.python})")
            if value != "True":
                said = f"not true: “{claim.sentence}” (`{claim.python}` {fault or f'is {value}'})"
                found.append(self.problem(claim.line, said))
        return found

    async def evaluate(self, expression: str) -> tuple[str, str]:
        """The text that an expression gives in the kernel, or else what went wrong."""
        kernel: Any = self.client.kc  # of the asynchronous kind, which its type does not say
        reply = await kernel.execute(
            "", user_expressions={"value": expression}, store_history=False, reply=True
        )
        result = reply["content"]["user_expressions"]["value"]
        if result["status"] != "ok":
            return "", f"raised {result['ename']}: {result['evalue']}"
        return ast.literal_eval(result["data"]["text/plain"]), ""

    def problem(self, line: int, message: str) -> str:
        return f"{self.text.path}:{line}: {message}"
