"""Whatever is typed, the command answers: an exit code of the contract, never an exception."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from netpol_sim import cli

WORLD = str(Path(__file__).parents[2] / "exercises" / "worlds" / "finance-team.yaml")

# Half of the pieces are right, so that random texts get some way in.
pieces = st.one_of(
    st.sampled_from(["finance/backend", "finance/db", "203.0.113.7", "[::1]", "svc:", "node/n1"]),
    st.sampled_from([":", "/", "->", " ", "80", "UDP", "[", "]", "99999999999999999999", "\0"]),
    st.text(max_size=6),
    st.sampled_from(["\udc80", "\ud800"]),  # what Python makes of bytes that are no UTF-8
)
connections = st.builds("{}->{}".format, *[st.lists(pieces, max_size=5).map("".join)] * 2)
options = st.sampled_from(
    ["-q", "-v", "-o", "json", "text", "--profile", "not-enforced", "--", "-x"]
)


@settings(max_examples=80)
@given(st.lists(connections, max_size=2), st.lists(options, max_size=3))
def test_check_answers_whatever_is_asked(asked: list[str], given_options: list[str]) -> None:
    """Any connection texts and options end in exit code 0, 1 or 2; 2 says why."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(["check", WORLD, *given_options, *asked])
    assert code in {0, 1, 2}
    assert (err.getvalue() != "") == (code == 2)
    assert "Traceback" not in err.getvalue()
