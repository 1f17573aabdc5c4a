"""Laws of the index of labels: it picks whom each selector matches, however many keys are named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netpol_sim.analysis.table.index import LabelIndex, members
from netpol_sim.labels import LabelSelector, Operator, Requirement

KEYS = [f"key-{number}" for number in range(12)]
VALUES = st.sampled_from(("a", "b", "c"))


def asking(key: str) -> list[LabelSelector]:
    """A selector of each form that names a key."""
    both, neither = (Operator.IN, Operator.NOT_IN), (Operator.EXISTS, Operator.DOES_NOT_EXIST)
    requirements = [Requirement(key=key, operator=each, values=("a", "b")) for each in both]
    requirements += [Requirement(key=key, operator=each) for each in neither]
    return [
        LabelSelector(match_labels={key: "a"}),
        *(LabelSelector(match_expressions=(each,)) for each in requirements),
    ]


@given(
    st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), max_size=20),
    st.frozensets(st.integers(0, 19), max_size=4),
    st.permutations([*KEYS, "nowhere"]),
)
def test_index_is_matches(
    label_sets: list[dict[str, str]], skipped: frozenset[int], keys: list[str]
) -> None:
    """After any number of other keys a key is answered as one selector at a time would."""
    index = LabelIndex(range(len(label_sets)), label_sets, skipped=skipped)
    for selector in (found for key in keys for found in asking(key)):
        picked = [
            position
            for position, labels in enumerate(label_sets)
            if position not in skipped and selector.matches(labels)
        ]
        assert list(members(index.select(selector))) == picked, selector
