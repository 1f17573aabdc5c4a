"""The frame of the command: verbs, help, exit codes, and no traceback whatever happens."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from netpol_sim import cli
from netpol_sim.cli import arguments as shared
from netpol_sim.cli.verbs import GROUPS, VERBS
from netpol_sim.cluster_policy import ClusterPolicyKind
from netpol_sim.course.source_parts import SourceError
from netpol_sim.errors import ConnectionTextError
from netpol_sim.plugin import NOT_ENFORCED, BaselineSkipped, HostNetwork, Profile

ROOT = Path(__file__).parents[3]


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    """``netpol --help`` shows each verb once, under its heading, and the exit codes."""
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    for heading, verbs in GROUPS.items():
        assert not verbs or f"\n{heading}:\n" in said
    for verb, says in VERBS.items():
        assert f"\n  {verb:<14} {says}\n" in said
    assert "Exit code: 0 allowed or clean, 1 denied or findings, 2 bad input or usage." in said


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_a_module_and_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A verb in the table is a module that takes its arguments and runs."""
    module = import_module(f"netpol_sim.cli.{verb.replace('-', '_')}")
    assert callable(module.run)
    assert cli.main([verb, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: netpol {verb}")


USAGE_ERRORS = [
    ([], "usage: netpol VERB ..."),
    (["chek"], "there is no verb `chek`; did you mean `check`?"),
    (["xyzzy"], f"there is no verb `xyzzy`; there are: {', '.join(VERBS)}"),
    (["--colour"], "unrecognized arguments: --colour"),
    (["check", "--profile", "weavenet"], "invalid choice: 'weavenet'"),
    (["check", "-q", "-v"], "not allowed with argument"),
]


@pytest.mark.parametrize(("argv", "message"), USAGE_ERRORS)
def test_wrong_usage(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage is exit code 2, with the message on standard error and nothing elsewhere."""
    assert cli.main(argv) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """``netpol --version`` is one line."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("netpol ")


FAILURES: list[tuple[BaseException, int, str]] = [
    (ConnectionTextError("`a` has no `->`"), 2, "netpol: `a` has no `->`\n"),
    (SourceError(("a.md:1: no",)), 2, "netpol: a.md:1: no\n"),
    (FileNotFoundError(2, "No such file", "a.yaml"), 2, "netpol: a.yaml: No such file\n"),
    (OSError("no space"), 2, "netpol: no space\n"),
    (KeyboardInterrupt(), 130, ""),
]


@pytest.mark.parametrize(("failure", "code", "message"), FAILURES)
def test_failures(
    failure: BaseException,
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What goes wrong in a verb becomes a message and an exit code."""

    def fail(_arguments: object) -> int:
        raise failure

    monkeypatch.setattr("netpol_sim.cli.check.run", fail)
    assert cli.main(["check"]) == code
    assert capsys.readouterr().err == message


def test_every_field_of_the_profile_has_a_switch() -> None:
    """Whatever a network plugin may do can be said on the command line."""
    names = [field.name for field in fields(Profile)]
    assert ["name", *shared.SWITCHES] == names


SWITCHED = [
    ([], Profile()),
    (["--profile", "not-enforced"], NOT_ENFORCED),
    (["--no-enforces"], Profile(name="custom", enforces=False)),
    (["--host-network", "as-pod"], Profile(name="custom", host_network=HostNetwork.AS_POD)),
    (
        ["--cluster-policy-kinds", "AdminNetworkPolicy", "--baseline-skipped", "per-pod"],
        Profile(
            name="custom",
            cluster_policy_kinds=(ClusterPolicyKind.ADMIN,),
            baseline_skipped=BaselineSkipped.PER_POD,
        ),
    ),
]


@pytest.mark.parametrize(("switches", "expected"), SWITCHED)
def test_switches_make_a_profile(switches: list[str], expected: Profile) -> None:
    """What a switch says is in the profile, and a profile that is changed has a name of its own."""
    assert shared.profile(cli.parse(["isolation", "cluster.yaml", *switches])) == expected


def run(*argv: str, stdin: bytes = b"", stdout: int = subprocess.PIPE) -> tuple[int, bytes, bytes]:
    """The command as a process of its own: exit code, standard output, standard error."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "netpol_sim", *argv]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE
    ) as process:
        out, err = process.communicate(stdin)
    return process.returncode, out or b"", err


def test_as_a_process() -> None:
    """The command runs by itself, from standard input, even on a terminal that knows only ASCII."""
    pod = b"{kind: Pod, apiVersion: v1, metadata: {namespace: a, name: b}}"
    code, out, err = run("check", "-", "a/b -> \N{GREEK SMALL LETTER ALPHA}:80", stdin=pod)
    assert (code, out) == (2, b"")
    assert err.startswith(b"netpol: `?` is neither an IP address nor")
    code, out, err = run("check", "-q", "-", "a/b -> 203.0.113.7:80", stdin=pod)
    assert (code, err) == (0, b"")
    assert out == (b"a/b -> 203.0.113.7:80/TCP is allowed: no policy isolates a/b for egress.\n")


def test_a_closed_pipe_is_no_error() -> None:
    """When the reader goes away, the command ends quietly, as a shell's own commands do."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert run("--version", stdout=writing) == (141, b"", b"")
    finally:
        os.close(writing)


def test_streams_without_reconfigure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook's or a test's own stream will do as standard output."""
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", seen)
    assert cli.main(["--version"]) == 0
    assert seen.getvalue().startswith("netpol ")
