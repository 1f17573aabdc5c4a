"""A cluster as one immutable snapshot: what it adds, finds, refuses and becomes."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from netpol_sim.cluster import Cluster
from netpol_sim.errors import InvalidValueError, ProblemKind, UnknownNameError
from netpol_sim.model import Phase
from netpol_sim.plugin import NOT_ENFORCED
from netpol_sim.policy import Direction
from tests.builders import cluster, labelled, namespace, node, pod, policy, service

WEB = pod("shop/web", app="web", ip="10.0.0.1", node="n1")
DB = pod("shop/db", app="db", ip=["10.0.0.2", "fd00::2"], node="n2")
CLOSED = policy("shop/closed", select=labelled(app="db"))
SHOP = cluster(namespace("shop", team="retail"), WEB, DB, node("n1", "192.168.0.1"), CLOSED)


def test_what_is_only_mentioned_is_added() -> None:
    """Namespaces of pods, Services and policies and nodes of pods need not be declared."""
    made = cluster(
        pod("a/x", node="n9"), service("b/x"), policy("c/x"), namespace("b", team="t"), pod("a/y")
    )
    assert [item.name for item in made.namespaces] == ["b", "a", "c"]
    assert made.namespace_labels("a") == {"kubernetes.io/metadata.name": "a"}
    assert made.namespace_labels("b")["team"] == "t"
    assert made.nodes == (node("n9"),)


def test_things_are_found_by_name() -> None:
    """Each kind is found under its own key."""
    made = cluster(WEB, node("n1", "192.168.0.1"), service("shop/web"), CLOSED)
    assert made.pod("shop/web") is WEB
    assert made.find_pod("shop/web") is WEB
    assert made.find_pod("shop/nobody") is None
    assert made.node("n1").name == "n1"
    assert made.service("shop/web").name == "web"
    assert made.policy("shop/closed") is CLOSED
    assert made.namespace("shop").name == "shop"


@pytest.mark.parametrize(
    ("find", "text"),
    [
        (
            lambda: SHOP.pod("shop/wbe"),
            "no pod `shop/wbe` in this cluster; did you mean `shop/web`?",
        ),
        (lambda: SHOP.pod("zoo/ape"), "there is no pod `zoo/ape` in this cluster"),
        (lambda: SHOP.node("n22"), "there is no node `n22` in this cluster; did you mean `n2`?"),
        (lambda: SHOP.service("shop/web"), "there is no Service `shop/web` in this cluster"),
        (
            lambda: SHOP.policy("shop/close"),
            "there is no NetworkPolicy `shop/close` in this cluster; did you mean `shop/closed`?",
        ),
        (lambda: SHOP.namespace_labels("zoo"), "there is no namespace `zoo` in this cluster"),
        (
            lambda: SHOP.without_policy("shop/x"),
            "there is no NetworkPolicy `shop/x` in this cluster",
        ),
    ],
)
def test_unknown_names(find: type, text: str) -> None:
    """An unknown name is said with its kind, and with the nearest known one."""
    with pytest.raises(UnknownNameError) as error:
        find()
    assert str(error.value).endswith(text)


@pytest.mark.parametrize(
    ("things", "where"),
    [
        ((WEB, WEB), "Pod shop/web"),
        ((node("n1"), node("n1", "10.0.0.1")), "Node n1"),
        ((namespace("shop"), namespace("shop")), "Namespace shop"),
        ((service("shop/a"), service("shop/a")), "Service shop/a"),
        ((CLOSED, policy("shop/closed")), "NetworkPolicy shop/closed"),
    ],
)
def test_duplicates_are_refused(things: tuple[object, ...], where: str) -> None:
    """Two objects of one kind, namespace and name cannot be in a cluster."""
    with pytest.raises(InvalidValueError) as error:
        cluster(*things)  # type: ignore[arg-type]
    (problem,) = error.value.problems
    assert (problem.kind, problem.field) == (ProblemKind.DUPLICATE, "metadata.name")
    assert problem.object == where


def test_one_name_in_several_kinds_and_namespaces() -> None:
    """The same name may be used in another namespace and for another kind."""
    made = cluster(pod("a/x"), pod("b/x"), service("a/x"), policy("a/x"), policy("b/x"), node("x"))
    assert len(made.pods) == 2


def test_who_has_an_address() -> None:
    """An address belongs to the running pod or the node that has it."""
    done = pod("shop/done", ip="10.0.0.2", phase=Phase.SUCCEEDED)
    agent = pod("shop/agent", ip="192.168.0.1", host_network=True, node="n1")
    made = cluster(done, agent, *SHOP.pods, *SHOP.nodes[:1])
    assert made.entity_at(ip_address("10.0.0.2")) is DB
    assert made.entity_at(ip_address("fd00::2")) is DB
    assert made.entity_at(ip_address("192.168.0.1")) == SHOP.nodes[0]
    assert made.entity_at(ip_address("203.0.113.7")) is None


def test_which_service_has_an_address() -> None:
    """A cluster address belongs to a Service."""
    db = service("shop/db", ip=["10.96.0.1", "fd96::1"])
    made = cluster(db)
    assert made.service_at(ip_address("fd96::1")) is db
    assert made.service_at(ip_address("10.96.0.2")) is None


def test_which_policies_select_a_pod() -> None:
    """Selection is by namespace and labels, in cluster order, for any pod."""
    everybody = policy("shop/a-everybody", types=[Direction.EGRESS])
    elsewhere = policy("bank/closed", select=labelled(app="db"))
    two = policy("shop/two", select=labelled(tier="data", app="db"))
    made = cluster(WEB, DB, CLOSED, two, everybody, elsewhere)
    assert made.policies_selecting(DB) == (CLOSED, everybody)
    assert made.policies_selecting(WEB) == (everybody,)
    assert made.isolating(DB, Direction.INGRESS) == (CLOSED,)
    assert made.isolating(DB, Direction.EGRESS) == (everybody,)
    stranger = pod("shop/stranger", app="db", tier="data")
    assert made.policies_selecting(stranger) == (CLOSED, two, everybody)
    assert made.policies_selecting(pod("zoo/ape", app="db")) == ()


def test_adding_and_replacing_policies() -> None:
    """A policy of the same name is replaced where it stands, as by an update."""
    first, second = policy("shop/first"), policy("shop/second")
    made = cluster(WEB, first, second)
    changed = policy("shop/first", types=[Direction.EGRESS])
    assert made.with_policy(changed, policy("shop/third")).policies == (
        changed,
        second,
        policy("shop/third"),
    )
    assert made.policies == (first, second)
    assert made.without_policy("shop/first").policies == (second,)
    assert made.with_policies([second]).policies == (second,)
    assert made.without_policy("shop/first", "shop/second").policies == ()


def test_adding_and_replacing_pods() -> None:
    """A pod of the same name is replaced; its namespace and node come with it."""
    changed = pod("shop/web", app="other", node="n7")
    made = SHOP.with_pod(changed, pod("zoo/ape"))
    assert made.pods == (changed, DB, pod("zoo/ape"))
    assert made.node("n7") == node("n7")
    assert made.namespace("zoo") == namespace("zoo")
    assert SHOP.pod("shop/web") is WEB


def test_a_changed_cluster_selects_anew() -> None:
    """What was found before a change says nothing about what is found after it."""
    assert SHOP.policies_selecting(DB) == (CLOSED,)
    assert SHOP.without_policy("shop/closed").policies_selecting(DB) == ()
    relabelled = pod("shop/db", app="retired")
    assert SHOP.with_pod(relabelled).policies_selecting(relabelled) == ()


def test_another_plugin() -> None:
    """A cluster on another plugin has all the same objects and leaves the first as it was."""
    made = SHOP.with_profile(NOT_ENFORCED)
    assert made.profile is NOT_ENFORCED
    assert SHOP.profile is not NOT_ENFORCED
    assert made.with_profile(SHOP.profile) == SHOP
    assert made.policies_selecting(DB) == (CLOSED,)
    assert made.with_policy(policy("shop/more")).profile is NOT_ENFORCED


def test_a_cluster_is_a_value() -> None:
    """Clusters of equal things are equal and have one hash; lists become tuples."""
    made = Cluster(pods=[WEB, DB], policies=[CLOSED])  # type: ignore[arg-type]
    assert made == cluster(WEB, DB, CLOSED)
    assert hash(made) == hash(cluster(WEB, DB, CLOSED))
    assert made != cluster(DB, WEB, CLOSED)


def test_a_cluster_as_text() -> None:
    """A cluster shows how much is in it."""
    assert str(SHOP) == "2 pods, 1 namespace, 1 network policy"
    assert str(Cluster()) == "0 pods, 0 namespaces, 0 network policies"
