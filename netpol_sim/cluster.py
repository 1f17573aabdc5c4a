"""One immutable snapshot of a cluster, and the questions about membership it answers fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

from netpol_sim.addresses import IPAddress
from netpol_sim.cluster_policy import AnyPolicy, ClusterNetworkPolicy, Tier
from netpol_sim.lookup import by_key, found_in, not_yet_known
from netpol_sim.model import Entity, Namespace, Node, Pod, Service
from netpol_sim.plugin import DOCUMENTATION, Profile
from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.policy_selection import NO_POLICIES, PolicySelection, is_subject


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Namespaces, pods, nodes, Services, policies, and the profile of the network plugin.

    ``policies`` are NetworkPolicies; ``cluster_policies`` are those of the Admin and Baseline
    tiers.  Where several of one tier share a priority, the order given is that of evaluation.

    Everything keeps the order it was given in.  A namespace or node that something refers to and
    nothing declares is added (a namespace with its name label, a node without addresses).

    Raises:
        InvalidValueError: Two objects of one kind share a name (and namespace).
    """

    namespaces: tuple[Namespace, ...] = ()
    pods: tuple[Pod, ...] = ()
    nodes: tuple[Node, ...] = ()
    services: tuple[Service, ...] = ()
    policies: tuple[NetworkPolicy, ...] = ()
    cluster_policies: tuple[ClusterNetworkPolicy, ...] = ()
    profile: Profile = DOCUMENTATION

    def __post_init__(self) -> None:
        for name in ("namespaces", "pods", "nodes", "services", "policies", "cluster_policies"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        used = [pod.namespace for pod in self.pods]
        used += [service.namespace for service in self.services]
        used += [policy.namespace for policy in self.policies]
        declared = {namespace.name for namespace in self.namespaces}
        implied = tuple(Namespace(name=name) for name in not_yet_known(used, declared))
        object.__setattr__(self, "namespaces", self.namespaces + implied)
        known = {node.name for node in self.nodes}
        hosts = tuple(
            Node(name=name) for name in not_yet_known((pod.node for pod in self.pods), known)
        )
        object.__setattr__(self, "nodes", self.nodes + hosts)
        # Built now, so that a duplicate is refused when the cluster is made.
        _ = self._namespaces, self._pods, self._nodes, self._services
        self._refuse_duplicate_policies()

    def _refuse_duplicate_policies(self) -> None:
        _ = self._policies, self._cluster_policies

    @cached_property
    def _namespaces(self) -> dict[str, Namespace]:
        return by_key("Namespace", self.namespaces, lambda item: item.name)

    @cached_property
    def _pods(self) -> dict[str, Pod]:
        return by_key("Pod", self.pods, lambda item: item.key)

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return by_key("Node", self.nodes, lambda item: item.name)

    @cached_property
    def _services(self) -> dict[str, Service]:
        return by_key("Service", self.services, lambda item: f"{item.namespace}/{item.name}")

    @cached_property
    def _policies(self) -> dict[str, NetworkPolicy]:
        return by_key("NetworkPolicy", self.policies, lambda item: item.key)

    @cached_property
    def _cluster_policies(self) -> dict[str, ClusterNetworkPolicy]:
        return by_key("cluster-scoped policy", self.cluster_policies, lambda item: item.key)

    def namespace(self, name: str) -> Namespace:
        """The namespace of this name, or ``UnknownNameError``."""
        return found_in("namespace", name, self._namespaces)

    def pod(self, key: str) -> Pod:
        """The pod ``namespace/name``, or ``UnknownNameError``."""
        return found_in("pod", key, self._pods)

    def pods_in(self, namespace: str) -> tuple[Pod, ...]:
        """The pods of a namespace, in cluster order."""
        return self._pods_in.get(namespace, ())

    @cached_property
    def _pods_in(self) -> dict[str, tuple[Pod, ...]]:
        found: dict[str, list[Pod]] = {}
        for pod in self.pods:
            found.setdefault(pod.namespace, []).append(pod)
        return {namespace: tuple(pods) for namespace, pods in found.items()}

    def find_pod(self, key: str) -> Pod | None:
        """The pod ``namespace/name``, or None."""
        return self._pods.get(key)

    def node(self, name: str) -> Node:
        """The node of this name, or ``UnknownNameError``."""
        return found_in("node", name, self._nodes)

    def service(self, key: str) -> Service:
        """The Service ``namespace/name``, or ``UnknownNameError``."""
        return found_in("Service", key, self._services)

    def policy(self, key: str) -> NetworkPolicy:
        """The NetworkPolicy ``namespace/name``, or ``UnknownNameError``."""
        return found_in("NetworkPolicy", key, self._policies)

    def cluster_policy(self, key: str) -> ClusterNetworkPolicy:
        """The policy ``Kind/name``, such as ``ClusterNetworkPolicy/base``; or an error."""
        return found_in("cluster-scoped policy", key, self._cluster_policies)

    def any_policy(self, key: str) -> AnyPolicy:
        """The NetworkPolicy ``namespace/name`` or cluster-scoped policy ``Kind/name``; or an error.

        A kind begins with a capital letter, which no namespace does.
        """
        return self.cluster_policy(key) if key[:1].isupper() else self.policy(key)

    @property
    def every_policy(self) -> tuple[AnyPolicy, ...]:
        """NetworkPolicies, then cluster-scoped policies."""
        return (*self.policies, *self.cluster_policies)

    def namespace_labels(self, name: str) -> Mapping[str, str]:
        """The labels of a namespace, or ``UnknownNameError``."""
        return self.namespace(name).labels

    def entity_at(self, address: IPAddress) -> Entity | None:
        """The running pod or the node that has this address; None when it is outside."""
        return self._addresses.get(address)

    def service_at(self, address: IPAddress) -> Service | None:
        """The Service that has this cluster IP."""
        return self._cluster_ips.get(address)

    @cached_property
    def _addresses(self) -> dict[IPAddress, Entity]:
        found: dict[IPAddress, Entity] = {}
        for node in self.nodes:
            for address in node.ips:
                found.setdefault(address, node)
        for pod in self.pods:
            if pod.takes_part and not pod.host_network:
                for address in pod.ips:
                    found.setdefault(address, pod)
        return found

    @cached_property
    def _cluster_ips(self) -> dict[IPAddress, Service]:
        return {address: service for service in self.services for address in service.cluster_ips}

    def policies_selecting(self, pod: Pod) -> tuple[NetworkPolicy, ...]:
        """The policies of the pod's namespace whose ``podSelector`` picks it, in cluster order."""
        known = self._selections.get(id(pod))
        if known is None:
            known = self._selection.get(pod.namespace, NO_POLICIES).selecting(pod)
            # Only for our own pods, which live as long as we do, is identity a safe key.
            if self._pods.get(pod.key) is pod:
                self._selections[id(pod)] = known
        return known

    def isolating(self, pod: Pod, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The policies that isolate a pod in a direction, in cluster order."""
        selecting = self.policies_selecting(pod)
        return tuple(policy for policy in selecting if direction in policy.policy_types)

    @cached_property
    def _selections(self) -> dict[int, tuple[NetworkPolicy, ...]]:
        return {}

    @cached_property
    def _selection(self) -> dict[str, PolicySelection]:
        by_namespace: dict[str, list[NetworkPolicy]] = {}
        for policy in self.policies:
            by_namespace.setdefault(policy.namespace, []).append(policy)
        return {name: PolicySelection(found) for name, found in by_namespace.items()}

    def in_tier(
        self, tier: Tier, pod: Pod, direction: Direction
    ) -> tuple[ClusterNetworkPolicy, ...]:
        """The policies of a tier with rules for a pod in a direction, in the order of evaluation.

        None for a pod on the network of its node: it is in no policy's subject.
        """
        if pod.host_network:
            return ()
        labels = self.namespace_labels(pod.namespace)
        return tuple(
            policy
            for policy in self._tiers[tier]
            if policy.rules(direction) and is_subject(policy, labels, pod)
        )

    def tier(self, tier: Tier) -> tuple[ClusterNetworkPolicy, ...]:
        """The policies of a tier that are in force, in the order of evaluation."""
        return self._tiers[tier]

    @property
    def ignored_policies(self) -> tuple[ClusterNetworkPolicy, ...]:
        """The cluster-scoped policies of kinds that the plugin does not know."""
        known = self.profile.cluster_policy_kinds
        return tuple(policy for policy in self.cluster_policies if policy.kind not in known)

    @cached_property
    def _tiers(self) -> dict[Tier, tuple[ClusterNetworkPolicy, ...]]:
        known = self.profile.cluster_policy_kinds
        by_priority = sorted(self.cluster_policies, key=lambda policy: policy.priority)
        return {
            tier: tuple(each for each in by_priority if each.tier is tier and each.kind in known)
            for tier in Tier
        }

    def with_policy(self, *policies: NetworkPolicy | ClusterNetworkPolicy) -> Cluster:
        """This cluster with policies added; one of the same name is replaced, as by an update."""
        own = {policy.key: policy for policy in self.policies}
        of_cluster = {policy.key: policy for policy in self.cluster_policies}
        for policy in policies:
            if isinstance(policy, ClusterNetworkPolicy):
                of_cluster[policy.key] = policy
            else:
                own[policy.key] = policy
        return self._with(own.values(), of_cluster.values())

    def without_policy(self, *keys: str) -> Cluster:
        """This cluster without some policies, or ``UnknownNameError``.

        Args:
            keys: ``namespace/name``, or ``Kind/name`` for one that is cluster-scoped.
        """
        gone = {self.any_policy(key).key for key in keys}
        return self._with(
            (each for each in self.policies if each.key not in gone),
            (each for each in self.cluster_policies if each.key not in gone),
        )

    def with_policies(self, policies: Iterable[NetworkPolicy]) -> Cluster:
        """This cluster with exactly these NetworkPolicies; cluster-scoped ones stay."""
        return self._with(policies, self.cluster_policies)

    def with_cluster_policies(self, policies: Iterable[ClusterNetworkPolicy]) -> Cluster:
        """This cluster with exactly these cluster-scoped policies; NetworkPolicies stay."""
        return self._with(self.policies, policies)

    def _with(
        self, policies: Iterable[NetworkPolicy], cluster_policies: Iterable[ClusterNetworkPolicy]
    ) -> Cluster:
        own, of_cluster = tuple(policies), tuple(cluster_policies)
        if not {policy.namespace for policy in own} <= self._namespaces.keys():
            return replace(self, policies=own, cluster_policies=of_cluster)
        # Policies change no pod, so that the copy keeps every index but those of policies.
        other = copy(self)
        object.__setattr__(other, "policies", own)
        object.__setattr__(other, "cluster_policies", of_cluster)
        for index in ("_policies", "_cluster_policies", "_selection", "_selections", "_tiers"):
            other.__dict__.pop(index, None)
        other._refuse_duplicate_policies()  # noqa: SLF001  a cluster, too
        return other

    def with_pod(self, *pods: Pod) -> Cluster:
        """This cluster with pods added; one of the same name is replaced."""
        found = {pod.key: pod for pod in self.pods}
        found.update((pod.key, pod) for pod in pods)
        return replace(self, pods=tuple(found.values()))

    def with_profile(self, profile: Profile) -> Cluster:
        """This cluster on another network plugin."""
        # A plugin changes no membership, so that the copy keeps every index but one.
        other = copy(self)
        object.__setattr__(other, "profile", profile)
        other.__dict__.pop("_tiers", None)
        return other

    def __str__(self) -> str:
        counts = (
            (len(self.pods), "pod", "pods"),
            (len(self.namespaces), "namespace", "namespaces"),
            (len(self.policies), "network policy", "network policies"),
            (len(self.cluster_policies), "cluster-scoped policy", "cluster-scoped policies"),
        )
        return ", ".join(
            f"{count} {one if count == 1 else many}"
            for count, one, many in counts
            if count or not one.startswith("cluster")
        )
