"""``compare`` on the pairs that people mix up: equal in meaning, or different with a witness."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from netpol_sim.analysis.compare import Outcome, Policies, Scope, compare
from netpol_sim.errors import InvalidValueError
from netpol_sim.peers import Peer, PodPeer
from netpol_sim.plugin import DOCUMENTATION, NOT_ENFORCED, Profile
from netpol_sim.policy import NetworkPolicy, Rule
from tests.builders import (
    EGRESS,
    INGRESS,
    PortWord,
    block,
    cluster,
    labelled,
    namespace,
    namespaces,
    pod,
    pods,
    pods_in,
    policy,
    requirement,
    rule,
)

NAME = "kubernetes.io/metadata.name"


def db(*rules: Rule) -> NetworkPolicy:
    """What may reach the database of the bank."""
    return policy("bank/db", select=labelled(app="db"), ingress=rules)


def from_peers(*peers: Peer) -> NetworkPolicy:
    """The database, open to some peers."""
    return db(rule(*peers))


def on_ports(*ports: PortWord) -> NetworkPolicy:
    """The database, open to everybody on some ports."""
    return db(rule(ports=ports))


def named(*names: str) -> PodPeer:
    """Every pod of the namespaces with these names."""
    return namespaces(requirement(NAME, "In", *names))


EQUAL: dict[str, tuple[Policies, Policies]] = {
    "a policy is what it is": (from_peers(pods(app="web")), from_peers(pods(app="web"))),
    "names of policies mean nothing": (policy("bank/a"), policy("bank/b")),
    "a label is In with one value": (
        from_peers(pods(app="web")),
        from_peers(pods(requirement("app", "In", "web"))),
    ),
    "In with two values is two peers": (
        from_peers(pods(requirement("app", "In", "web", "api"))),
        from_peers(pods(app="web"), pods(app="api")),
    ),
    "Exists is In what is listed or NotIn it, with the key": (
        from_peers(pods(requirement("app", "Exists"))),
        from_peers(
            pods(app="web"),
            pods(requirement("app", "NotIn", "web"), requirement("app", "Exists")),
        ),
    ),
    "with the key and without it is everybody": (
        from_peers(pods()),
        from_peers(pods(requirement("a", "Exists")), pods(requirement("a", "DoesNotExist"))),
    ),
    "a selector that contradicts itself picks nobody": (
        from_peers(pods(requirement("app", "Exists"), requirement("app", "DoesNotExist"))),
        db(),
    ),
    "one range of ports is the ports in it": (on_ports("80-82"), on_ports(82, 80, 81)),
    "ranges may overlap": (on_ports("80-90", "85-99"), on_ports("80-99")),
    "a port entry without a port is all ports of its protocol": (
        on_ports("1-65535"),
        on_ports("/TCP"),
    ),
    "all ports of all protocols are no ports entry": (
        on_ports("/TCP", "/UDP", "/SCTP"),
        db(rule()),
    ),
    "a range within a range adds nothing": (
        from_peers(block("10.0.0.0/8"), block("10.1.0.0/16")),
        from_peers(block("10.0.0.0/8")),
    ),
    "two halves are the whole": (
        from_peers(block("10.0.0.0/9"), block("10.128.0.0/9")),
        from_peers(block("10.0.0.0/8")),
    ),
    "an exception is what is left without it": (
        from_peers(block("10.0.0.0/8", "10.0.0.0/9")),
        from_peers(block("10.128.0.0/9")),
    ),
    "what one peer excepts another may allow": (
        from_peers(block("10.0.0.0/8", "10.0.0.0/9"), block("10.0.0.0/9")),
        from_peers(block("10.0.0.0/8")),
    ),
    "host bits of a range mean nothing": (
        from_peers(block("10.1.2.3/8")),
        from_peers(block("10.0.0.0/8")),
    ),
    "both families are everybody": (from_peers(block("0.0.0.0/0"), block("::/0")), db(rule())),
    "a peer is added or it is in another rule": (
        db(rule(pods(app="web"), pods(app="api"), ports=[80])),
        db(rule(pods(app="web"), ports=[80]), rule(pods(app="api"), ports=[80])),
    ),
    "two policies are one with both their rules": (
        db(rule(pods(app="web")), rule(pods(app="api"))),
        [
            policy("bank/a", select=labelled(app="db"), ingress=[rule(pods(app="web"))]),
            policy("bank/b", select=labelled(app="db"), ingress=[rule(pods(app="api"))]),
        ],
    ),
    "one policy of both directions is one for each": (
        policy("bank/a", types=[INGRESS, EGRESS]),
        [policy("bank/in", types=[INGRESS]), policy("bank/out", types=[EGRESS])],
    ),
    "a policy for all is one for those with a label and one for those without": (
        policy("bank/a"),
        [
            policy("bank/b", select=labelled(requirement("app", "Exists"))),
            policy("bank/c", select=labelled(requirement("app", "DoesNotExist"))),
        ],
    ),
    "policyTypes left out are Ingress, and Egress with an egress rule": (
        policy("bank/a", egress=[rule(pods())]),
        policy("bank/a", egress=[rule(pods())], types=[INGRESS, EGRESS]),
    ),
    "rules of a direction that is not listed mean nothing": (
        policy("bank/a", egress=[rule(pods())], types=[INGRESS]),
        policy("bank/a"),
    ),
    "a policy that allows everything is none": (policy("bank/a", ingress=[rule()]), []),
    "a pod peer is a pod peer of the namespace with the policy's name": (
        from_peers(pods(app="web")),
        from_peers(pods_in(named("bank"), pods(app="web"))),
    ),
    "a namespace peer is a pod peer for all its pods": (
        from_peers(named("shop")),
        from_peers(pods_in(named("shop"), pods())),
    ),
    "no namespace has a name that none can have": (from_peers(named("No_Name")), db()),
    "the name label is always there": (
        from_peers(namespaces(requirement(NAME, "DoesNotExist"))),
        db(),
    ),
    "a rule that another one covers adds nothing": (
        db(rule(pods(app="web"), ports=[80]), rule(pods())),
        from_peers(pods()),
    ),
    "ingress that the source's own egress never lets out is no difference": (
        [
            policy("bank/out", types=[EGRESS]),
            policy("bank/in", ingress=[rule(pods(app="web")), rule(named("shop"))]),
        ],
        [
            policy("bank/out", types=[EGRESS]),
            policy("bank/in", ingress=[rule(named("shop"))]),
        ],
    ),
}


@pytest.mark.parametrize("says", EQUAL)
def test_equal_on_every_cluster(says: str) -> None:
    """Two ways to write one thing are EQUAL, in both orders."""
    mine, reference = EQUAL[says]
    assert compare(mine, reference).equal
    assert compare(reference, mine).equal


@dataclass(frozen=True, kw_only=True)
class Different:
    """Two policy sets, how they relate, and the smallest connections that show it."""

    mine: Policies
    reference: Policies
    too_open: str | None = None
    too_tight: str | None = None
    labels: str = ""
    profile: Profile = DOCUMENTATION


DIFFERENT = {
    "a dash makes two peers of one": Different(
        mine=from_peers(namespaces(team="a"), pods(app="web")),
        reference=from_peers(pods_in(namespaces(team="a"), pods(app="web"))),
        too_open="bank/web -> bank/db:80/TCP",
        labels="app=web; app=db",
    ),
    "NotIn picks pods without the label too": Different(
        mine=from_peers(pods(requirement("tier", "NotIn", "data"))),
        reference=from_peers(
            pods(requirement("tier", "NotIn", "data"), requirement("tier", "Exists"))
        ),
        too_open="bank/client -> bank/db:80/TCP",
        labels="; app=db",
    ),
    "no rule is nobody, an empty rule everybody": Different(
        mine=db(rule()), reference=db(), too_open="203.0.113.10 -> bank/db:80/TCP", labels="app=db"
    ),
    "an empty pod selector is not everybody": Different(
        mine=from_peers(pods()),
        reference=from_peers(),
        too_tight="203.0.113.10 -> bank/db:80/TCP",
        labels="app=db",
    ),
    "a pod selector looks in its own namespace only": Different(
        mine=from_peers(pods(app="web")),
        reference=from_peers(pods_in(namespaces(), pods(app="web"))),
        too_tight="other/web -> bank/db:80/TCP",
        labels="app=web; app=db",
    ),
    "a namespace has no label of its name but one": Different(
        mine=from_peers(namespaces(name="shop")),
        reference=from_peers(named("shop")),
        too_open="other/client -> bank/db:80/TCP",
        too_tight="shop/client -> bank/db:80/TCP",
        labels="; app=db",
    ),
    "IPv4 is not all addresses": Different(
        mine=from_peers(block("0.0.0.0/0")),
        reference=from_peers(),
        too_tight="2001:db8::10 -> bank/db:80/TCP",
        labels="app=db",
    ),
    "an exception is left out": Different(
        mine=from_peers(block("10.0.0.0/8")),
        reference=from_peers(block("10.0.0.0/8", "10.7.0.0/16")),
        too_open="10.7.0.10 -> bank/db:80/TCP",
        labels="app=db",
    ),
    "one port more, one less": Different(
        mine=on_ports(5432, 5433),
        reference=on_ports("5431-5432"),
        too_open="203.0.113.10 -> bank/db:5433/TCP",
        too_tight="203.0.113.10 -> bank/db:5431/TCP",
        labels="app=db",
    ),
    "a protocol left out is TCP": Different(
        mine=on_ports(53),
        reference=on_ports("53/UDP"),
        too_open="203.0.113.10 -> bank/db:53/TCP",
        too_tight="203.0.113.10 -> bank/db:53/UDP",
        labels="app=db",
    ),
    "a port name is whatever number the pod gives it": Different(
        mine=on_ports("http"),
        reference=on_ports(80),
        too_open="203.0.113.10 -> bank/db:443/TCP",
        too_tight="203.0.113.10 -> bank/db:80/TCP",
        labels="app=db",
    ),
    "peers and ports of one rule do not mix with those of another": Different(
        mine=db(rule(pods(app="web")), rule(ports=[5432])),
        reference=db(rule(pods(app="web"), ports=[5432])),
        too_open="203.0.113.10 -> bank/db:5432/TCP",
        labels="app=db",
    ),
    "egress without policyTypes closes ingress as well": Different(
        mine=policy("bank/a", egress=[rule()]),
        reference=policy("bank/a", egress=[rule()], types=[EGRESS]),
        too_tight="203.0.113.10 -> bank/server:80/TCP",
        labels="",
    ),
    "the other end": Different(
        mine=policy("bank/a", select=labelled(app="web"), types=[EGRESS]),
        reference=policy("bank/a", select=labelled(app="web"), types=[INGRESS]),
        too_open="203.0.113.10 -> bank/web:80/TCP",
        too_tight="bank/web -> 203.0.113.10:80/TCP",
        labels="app=web",
    ),
    "another namespace": Different(
        mine=policy("shop/a"),
        reference=policy("bank/a"),
        too_open="203.0.113.10 -> bank/server:80/TCP",
        too_tight="203.0.113.10 -> shop/server:80/TCP",
    ),
    "ranges skip pods on some plugins": Different(
        mine=from_peers(block("0.0.0.0/0"), block("::/0")),
        reference=from_peers(),
        too_tight="bank/client -> bank/db:80/TCP",
        labels="; app=db",
        profile=Profile(ip_block_matches_pods=False),
    ),
    "ranges skip nodes on some plugins": Different(
        mine=from_peers(block("0.0.0.0/0"), block("::/0")),
        reference=from_peers(),
        too_tight="node/node-1 -> bank/db:80/TCP",
        labels="app=db",
        profile=Profile(ip_block_matches_nodes=False),
    ),
}


@pytest.mark.parametrize("says", DIFFERENT)
def test_different_with_the_smallest_witness(says: str) -> None:
    """Each way to differ has a connection with the fewest pods and labels, and only that way."""
    case = DIFFERENT[says]
    relation = compare(case.mine, case.reference, profile=case.profile)
    found = [relation.too_open, relation.too_tight]
    assert [each and str(each) for each in found] == [case.too_open, case.too_tight]
    labels = {"; ".join(str(pod.labels) for pod in each.pods) for each in relation.witnesses}
    assert labels == {case.labels}


@pytest.mark.parametrize("says", DIFFERENT)
def test_swapping_the_sides_swaps_the_answer(says: str) -> None:
    """What mine opens too much, the reference closes too much when the sides are swapped."""
    case = DIFFERENT[says]
    there = compare(case.mine, case.reference, profile=case.profile)
    back = compare(case.reference, case.mine, profile=case.profile)
    assert str(there.too_open) == str(back.too_tight)
    assert str(there.too_tight) == str(back.too_open)


def test_verdicts_of_a_witness_say_why() -> None:
    """A witness carries the verdict of each side, with the rule that decides."""
    relation = compare(on_ports(5433), on_ports(5432))
    assert relation.outcome is Outcome.BOTH
    assert relation.too_open is not None
    assert relation.too_tight is not None
    assert relation.too_open.mine.ingress.matched[0].field == "spec.ingress[0]"
    assert not relation.too_open.reference.ingress.matched
    assert relation.too_tight.reference.ingress.matched
    assert not relation.too_tight.mine.allowed


SHOP = cluster(
    namespace("bank", team="finance"),
    namespace("shop", team="retail"),
    pod("bank/ledger", app="db", tier="data"),
    pod("bank/teller", app="web", tier="front"),
    pod("shop/cart", app="cart"),
)


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [(Scope.ANY, Outcome.BOTH), ("namespaces", Outcome.EQUAL), ("world", Outcome.EQUAL)],
)
def test_given_namespaces_have_their_labels(scope: Scope | str, outcome: Outcome) -> None:
    """Two namespace selectors that pick the same namespaces here are equal here only."""
    mine, reference = from_peers(namespaces(team="retail")), from_peers(named("shop"))
    assert compare(mine, reference, scope=scope, world=SHOP).outcome is outcome


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [(Scope.NAMESPACES, Outcome.TOO_OPEN), (Scope.WORLD, Outcome.EQUAL)],
)
def test_given_pods_are_all_there_is(scope: Scope, outcome: Outcome) -> None:
    """Two pod selectors that pick the same pods here are equal in this world only."""
    mine, reference = from_peers(pods(tier="front")), from_peers(pods(tier="front", app="web"))
    assert compare(mine, reference, scope=scope, world=SHOP).outcome is outcome


def test_known_pods_are_the_friendliest_witness() -> None:
    """With a world at hand a witness is taken from its pods, where that takes no more of them."""
    relation = compare(from_peers(pods()), from_peers(pods(app="web")), world=SHOP)
    assert str(relation.too_open) == "bank/client -> bank/ledger:80/TCP"
    relation = compare(from_peers(pods(), named("shop")), from_peers(pods()), world=SHOP)
    assert str(relation.too_open) == "shop/cart -> bank/ledger:80/TCP"
    relation = compare(from_peers(pods(), named("shop")), from_peers(), world=SHOP)
    assert str(relation.too_tight) == "203.0.113.10 -> bank/ledger:80/TCP"


def test_an_outside_witness_in_a_world_has_an_address_for_examples() -> None:
    """Addresses of pods cut the outside in pieces; the first piece is nobody's example."""
    world = cluster(namespace("bank"), pod("bank/ledger", app="db", ip="10.0.0.7"))
    relation = compare(db(rule()), db(), scope=Scope.WORLD, world=world)
    assert str(relation.too_open) == "203.0.113.10 -> bank/ledger:80/TCP"


def test_port_names_mean_nothing_outside() -> None:
    """A port name in a rule for addresses lets nobody out, where ranges do not cover pods."""
    mine = policy("bank/a", types=[EGRESS], egress=[rule(block("0.0.0.0/0"), ports=["http"])])
    nothing = policy("bank/a", types=[EGRESS])
    assert compare(mine, nothing, profile=Profile(ip_block_matches_pods=False)).equal
    relation = compare(mine, nothing)
    assert str(relation.too_open) == "bank/client -> bank/server:80/TCP"


def test_policies_of_clusters_are_compared_in_their_world() -> None:
    """Of two clusters the policies are compared, in the world of the first with pods."""
    mine = SHOP.with_policies([db(rule(pods(app="web")))])
    relation = compare(mine, mine.with_policies([db()]))
    assert str(relation.too_open) == "bank/teller -> bank/ledger:80/TCP"


def test_one_address_is_not_at_both_ends() -> None:
    """What would take two pods with one address is no difference."""
    bank = cluster(namespace("bank"))
    callers = policy("bank/in", ingress=[rule(block("10.0.0.1/32"))])
    mine = policy("bank/out", types=[EGRESS], egress=[rule(block("10.0.0.1/32"), ports=["http"])])
    reference = policy("bank/out", types=[EGRESS])
    closed, opened = [mine, callers], [reference, callers]
    assert compare(closed, opened, scope="namespaces", world=bank).equal
    assert compare([mine], [reference], scope="namespaces", world=bank).too_open is not None


def test_given_pods_meet_in_a_family_of_both() -> None:
    """What would take a connection between two families is no difference."""
    dual = pod("bank/dual", ip=["10.0.0.1", "fd00::1"], app="web")
    mine, reference = from_peers(block("fd00::1/128")), db()
    old = cluster(dual, pod("bank/db", app="db", ip="10.0.0.2"))
    new = cluster(dual, pod("bank/db", app="db", ip=["10.0.0.2", "fd00::2"]))
    assert compare(mine, reference, scope="world", world=old).equal
    found = compare(mine, reference, scope="world", world=new).too_open
    assert str(found) == "bank/dual -> bank/db:80/TCP"
    assert found is not None
    assert found.connection.family == 6


def test_a_plugin_that_does_not_enforce_makes_everything_equal() -> None:
    """Where policies are not enforced, all mean nothing."""
    relation = compare(db(), db(rule()), profile=NOT_ENFORCED)
    assert relation.equal
    assert not relation.enforced
    assert compare(db(), db()).enforced


def test_scopes_that_need_a_world_ask_for_it() -> None:
    """A scope that speaks of a world is refused without one, with what to do."""
    with pytest.raises(InvalidValueError) as raised:
        compare(db(), db(), scope="world")
    (problem,) = raised.value.problems
    assert str(problem) == (
        "world: Required value: scope `world` speaks of the namespaces and pods of a cluster"
    )
    assert problem.help == (
        "name that cluster (`world`, or `--world` of the command), or take scope `any`"
    )


def test_one_side_has_each_name_once() -> None:
    """Two policies of one name cannot exist side by side."""
    with pytest.raises(InvalidValueError, match="already a NetworkPolicy"):
        compare([db(), db(rule())], db())


def test_at_the_limit_the_answer_is_unknown() -> None:
    """When the steps are used up, the answer is neither equal nor different.

    That mine is not too tight is known without a step: it allows all that it isolates.
    """
    mine = from_peers(pods())
    either = [requirement("a", "Exists"), requirement("a", "DoesNotExist")]
    reference = from_peers(*(pods(each) for each in either))
    relation = compare(mine, reference, steps=0)
    assert relation.outcome is Outcome.UNKNOWN
    assert not relation.equal
    assert relation.limit is not None
    assert relation.limit.undecided == (Outcome.TOO_OPEN,)
    assert compare(mine, reference, steps=10).equal


def test_at_the_limit_a_witness_is_still_real() -> None:
    """When the steps are used up after a witness was found, it is given as perhaps not smallest."""
    mine = from_peers(pods(app="web", tier="front"), pods(role="x"))
    full = compare(mine, db())
    found = next(
        relation
        for steps in range(1, 20)
        if (relation := compare(mine, db(), steps=steps)).too_open is not None
    )
    assert found.limit is not None
    assert found.limit.perhaps_not_smallest == (Outcome.TOO_OPEN,)
    assert found.outcome is Outcome.TOO_OPEN
    assert full.limit is None
