#!/usr/bin/env python3
"""Open the course, with nothing but Python 3.11 or newer present.

python3 start.py                make or repair .venv, then open the course in JupyterLab
python3 start.py --no-browser   the same, but only print the address
python3 start.py test           run the whole test suite
python3 start.py lint           check style, types and layers
python3 start.py browser        try the lessons in a real browser (needs Chromium)
"""

# Any Python from 3.6 must be able to read this file, so that an old one can say what it lacks:
# no newer syntax, and above the check nothing imported but `sys` and no bare annotations.
import sys

OLDEST = (3, 11)


def too_old(version: "tuple[int, ...]", newer: "str | None") -> "str | None":
    """What to tell someone whose Python is too old; None when it is new enough."""
    if version[:2] >= OLDEST:
        return None
    if newer:
        remedy = f"You have a newer one: {newer} start.py"
    else:
        remedy = "Install one, for example from https://www.python.org/downloads/, and start again."
    return f"This course needs Python 3.11 or newer; this is {version[0]}.{version[1]}.\n{remedy}"


def newer_python(which: "Callable[[str], str | None]") -> "str | None":
    """The name of a Python on this machine that is new enough; None when there is none."""
    names = [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1)]
    return next((name for name in names if which(name)), None)


if sys.version_info < OLDEST:
    import shutil

    sys.exit(too_old(tuple(sys.version_info[:2]), newer_python(shutil.which)))

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PINS = ROOT / ".ci" / "requirements.txt"
STAMP = ENVIRONMENT / "netpol-stamp.json"
COURSE = ("course",)
EVERYTHING = ("course", "dev")


class StartError(Exception):
    """Something the person at the keyboard can put right; the message says how."""


# --- what to do


def requirements(project: dict[str, Any], extras: Iterable[str]) -> list[str]:
    """What a ``pyproject.toml`` asks for: its dependencies and those of some extras."""
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(line for extra in extras for line in optional[extra])]


def stamp(extras: Sequence[str], wanted: Sequence[str], pins: bytes) -> dict[str, object]:
    """What describes a finished environment; written when, and only when, it is finished."""
    content = pins + "\n".join(wanted).encode()
    return {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "root": str(ROOT),
        "extras": list(extras),
        "content": hashlib.sha256(content).hexdigest(),
    }


def work_to_do(found: "dict[str, object] | None", accepted: Sequence[dict[str, object]]) -> str:
    """``nothing``, ``install`` into an environment that works, or ``make`` it anew."""
    if found in accepted:
        return "nothing"
    same_place = found and all(found.get(key) == accepted[0][key] for key in ("python", "root"))
    return "install" if same_place else "make"


def no_ensurepip(version: tuple[int, ...], *, apt: bool) -> str:
    """What to tell someone whose Python cannot make environments."""
    name = f"python{version[0]}.{version[1]}"
    if apt:
        remedy = f"Install it, and start again:\n\n    sudo apt install {name}-venv\n"
    else:
        remedy = f"Install the ensurepip module of {name}, or the tool uv, and start again."
    return "This Python comes without the part that makes environments (ensurepip).\n" + remedy


def make_command(uv: str | None, environment: Path) -> list[str]:
    """The command that makes an empty environment."""
    if uv:
        return [uv, "venv", "--quiet", "--python", sys.executable, str(environment)]
    return [sys.executable, "-m", "venv", str(environment)]


def install_command(uv: str | None, python: Path, pins: Path, wanted: Sequence[str]) -> list[str]:
    """The command that installs what is wanted, at the pinned versions."""
    if uv:
        front = [uv, "pip", "install", "--python", str(python), "--compile-bytecode"]
    else:
        front = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*front, "--quiet", "--constraint", str(pins), *wanted]


# --- the environment


def python_in(environment: Path) -> Path:
    """The environment's Python."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def read_stamp() -> dict[str, object] | None:
    """The stamp of the environment; None when it is not finished, not ours, or broken."""
    try:
        found = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and python_in(ENVIRONMENT).exists() else None


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock that keeps two starts from writing into one environment."""
    with (ROOT / ".venv.lock").open("w") as lock:
        if not try_lock(lock.fileno()):
            say("Another start is preparing the environment; waiting for it ...")
            while not try_lock(lock.fileno()):
                time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    """Take the lock if it is free.  The system frees it when its holder ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists everywhere else

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def prepare(extras: Sequence[str]) -> None:
    """Make, repair or update the environment until it holds what the extras ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    accepted = [
        stamp(held, requirements(project, held), PINS.read_bytes())
        for held in (COURSE, EVERYTHING)
        if set(held) >= set(extras)
    ]
    if work_to_do(read_stamp(), accepted) == "nothing":
        return
    with one_at_a_time():
        work = work_to_do(read_stamp(), accepted)  # another start may have done it meanwhile
        if work == "nothing":
            return
        began = time.monotonic()
        STAMP.unlink(missing_ok=True)
        if work == "make":
            clear()
        install_somehow(requirements(project, extras))
        make_importable()
        STAMP.write_text(json.dumps(accepted[0], indent=1), "utf-8")
        say(f"Ready after {time.monotonic() - began:.0f} s.")


def clear() -> None:
    """Remove whatever stands where the environment belongs."""
    if ENVIRONMENT.is_symlink() or ENVIRONMENT.is_file():
        ENVIRONMENT.unlink()
    elif ENVIRONMENT.exists():
        say("Removing .venv, which is unfinished or made for another place or Python ...")
        shutil.rmtree(ENVIRONMENT)


def install_somehow(wanted: Sequence[str]) -> None:
    """Install what is wanted with uv where there is one, else or if it cannot with pip."""
    say("Installing what the course needs in .venv (once; up to a minute) ...")
    uv = shutil.which("uv")
    try:
        install(uv, wanted)
    except StartError:
        if not uv or not has_ensurepip():
            raise
        say("uv could not; trying pip ...")
        install(None, wanted)


def install(uv: str | None, wanted: Sequence[str]) -> None:
    """Install what is wanted, into an environment that is made when there is none."""
    if not uv and not has_ensurepip():
        raise StartError(no_ensurepip(sys.version_info[:2], apt=bool(shutil.which("apt-get"))))
    if not uv or not ENVIRONMENT.exists():
        run(make_command(uv, ENVIRONMENT))  # this also puts pip into what uv made without it
    run(install_command(uv, python_in(ENVIRONMENT), PINS, wanted))


def has_ensurepip() -> bool:
    """Whether this Python can put pip into an environment (Debian's may not)."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - whether it is there is the question
    except ImportError:
        return False
    return True


def make_importable() -> None:
    """Let the environment import this checkout, and give it the ``netpol`` command."""
    python = python_in(ENVIRONMENT)
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([str(python), "-c", question], text=True).strip()
    (Path(packages) / "netpol_sim.pth").write_text(str(ROOT) + "\n")
    if sys.platform == "win32":
        (python.parent / "netpol.cmd").write_text('@"%~dp0python.exe" -m netpol_sim %*\n')
    else:
        command = python.parent / "netpol"
        command.write_text('#!/bin/sh\nexec "$(dirname -- "$0")/python" -m netpol_sim "$@"\n')
        command.chmod(0o755)


# --- the checks


class Stage(NamedTuple):
    """One step of the checks: a name and the arguments for the environment's Python."""

    name: str
    arguments: Sequence[str]


BY_WORK = ("--dist", "worksteal")
BY_FILE = ("--dist", "loadfile")  # the cells of a notebook share a kernel
NBVAL = ("-p", "tests.own_workspace", "--nbval", "--nbval-cell-timeout=120")


def test_stages(root: Path) -> list[Stage]:
    """The whole test suite."""
    notebooks = sorted(
        path.relative_to(root).as_posix()
        for folder in ("lessons", "exercises", "solutions")
        for path in (root / folder).rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )
    at_once = f"--numprocesses={os.cpu_count() or 1}"
    stages = [
        Stage("tests", ["-m", "pytest", "-q", at_once, *BY_WORK, "--hypothesis-profile=ci"]),
        Stage("notebooks are what their sources say", ["-m", "netpol_sim.course.publish", "check"]),
    ]
    if notebooks:
        rerun = ["-m", "pytest", "-q", at_once, *BY_FILE, *NBVAL, *notebooks]
        stages.append(Stage("notebooks give the outputs they show", rerun))
    return stages


LINT_STAGES = (
    Stage("style", ["-m", "ruff", "check"]),
    Stage("format", ["-m", "ruff", "format", "--check"]),
    Stage("types", ["-m", "mypy"]),
    Stage("layers", ["-c", "from importlinter.cli import lint_imports_command as run; run()"]),
)


BROWSER_STAGES = (Stage("lessons in a browser", ["-m", "pytest", "-q", "tests/browser"]),)


def run_stages(stages: Sequence[Stage]) -> int:
    """Run the stages in order, with times; stop at the first that fails and give its code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:  # where notebooks save answers, not the learner
        environment = {**os.environ, "PYTHONHASHSEED": "0", "NETPOL_WORKSPACE": scratch}
        for number, stage in enumerate(stages, start=1):
            say(f"\n== {number}/{len(stages)} {stage.name}")
            started = time.monotonic()
            command = [str(python_in(ENVIRONMENT)), *stage.arguments]
            code = subprocess.call(command, cwd=ROOT, env=environment)
            result = "FAILED" if code else "passed"
            say(f"== {stage.name}: {result} in {time.monotonic() - started:.1f} s")
            if code:
                return code
    say(f"\nAll {len(stages)} stages passed in {time.monotonic() - began:.1f} s.")
    return 0


# --- the command


def say(text: str) -> None:
    """Print at once: what comes next may replace this process."""
    print(text, flush=True)


def run(command: Sequence[str]) -> None:
    """Run a command that shows its own errors."""
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        tool = Path(command[0]).name
        raise StartError(f"{tool} failed and says why above; after that, start again.") from error


def open_course(arguments: Sequence[str]) -> int:
    """Become the course's server, which every other way of starting it also becomes."""
    command = [str(python_in(ENVIRONMENT)), "-m", "netpol_sim.course.start", *arguments]
    if os.name == "posix":  # elsewhere the terminal would be left to both processes
        os.execv(command[0], command)
    return subprocess.call(command)


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("start.py", description=__doc__, formatter_class=shape)
    actions = ("test", "lint", "browser")
    parser.add_argument("action", nargs="?", choices=actions, help="check, do not open")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="the first port to try (default: 8888)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; give the exit code."""
    asked = options(arguments)
    try:
        prepare(EVERYTHING if asked.action else COURSE)
        if asked.action:
            stages = {"test": test_stages(ROOT), "lint": LINT_STAGES, "browser": BROWSER_STAGES}
            return run_stages(stages[asked.action])
        passed_on = ["--no-browser"] if asked.no_browser else []
        return open_course(passed_on + (["--port", str(asked.port)] if asked.port else []))
    except (StartError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
