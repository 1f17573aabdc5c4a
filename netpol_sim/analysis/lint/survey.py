"""What lint knows about a cluster, worked out once and asked by many rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from netpol_sim import ask, services
from netpol_sim.analysis.lint.addressed import Addressed
from netpol_sim.analysis.lint.by_default import denies_by_default
from netpol_sim.analysis.lint.written import WrittenRule
from netpol_sim.analysis.table import Table
from netpol_sim.cluster import Cluster
from netpol_sim.labels import EVERYTHING, LabelSelector
from netpol_sim.model import Namespace, Pod, Service
from netpol_sim.peers import PodPeer
from netpol_sim.plugin import HostNetwork
from netpol_sim.policy import Direction, NetworkPolicy, PolicyPort, Protocol
from netpol_sim.verdict import Verdict

SYSTEM_PREFIXES = ("kube-", "openshift-")


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A cluster, and what lint was told besides.

    Args:
        cluster: What was loaded.
        needs: Connections that must work, as connection texts.
        base: The version that ``cluster`` is going to replace.
        protected_labels: Keys of namespace labels that only administrators can set; None when
            nobody said.
    """

    cluster: Cluster
    needs: tuple[str, ...] = ()
    base: Cluster | None = None
    protected_labels: frozenset[str] | None = None

    @property
    def policies(self) -> tuple[NetworkPolicy, ...]:
        """All policies, in cluster order."""
        return self.cluster.policies

    @cached_property
    def rules(self) -> tuple[WrittenRule, ...]:
        """Every rule that is in force, in cluster order."""
        return tuple(
            WrittenRule(policy=policy, direction=direction, index=index, rule=rule)
            for policy in self.policies
            for direction in Direction
            for index, rule in enumerate(policy.rules(direction))
        )

    @cached_property
    def _rules_of(self) -> dict[tuple[str, Direction], list[WrittenRule]]:
        found: dict[tuple[str, Direction], list[WrittenRule]] = {}
        for written in self.rules:
            found.setdefault((written.policy.namespace, written.direction), []).append(written)
        return found

    def rules_in(self, namespace: str, direction: Direction) -> list[WrittenRule]:
        """The rules of one namespace and direction."""
        return self._rules_of.get((namespace, direction), [])

    @cached_property
    def answers(self) -> tuple[tuple[str, Verdict], ...]:
        """The needed connections with their verdicts; one for each backend of a Service."""
        found: list[tuple[str, Verdict]] = []
        for need in self.needs:
            answer = ask.evaluate(self.cluster, need)
            verdicts = (answer,) if isinstance(answer, Verdict) else answer.backends
            found += ((need, verdict) for verdict in verdicts)
        return tuple(found)

    # --- pods ------------------------------------------------------------------------------

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        """The pods that have a network, in cluster order."""
        return tuple(pod for pod in self.cluster.pods if pod.takes_part)

    @cached_property
    def _pods_in(self) -> dict[str, tuple[Pod, ...]]:
        found: dict[str, list[Pod]] = {}
        for pod in self.pods:
            found.setdefault(pod.namespace, []).append(pod)
        return {name: tuple(pods) for name, pods in found.items()}

    def pods_in(self, namespace: str) -> tuple[Pod, ...]:
        """The pods of a namespace that have a network."""
        return self._pods_in.get(namespace, ())

    def is_subject(self, pod: Pod) -> bool:
        """Whether policies can say anything about a pod on this network plugin."""
        return not pod.host_network or self.cluster.profile.host_network is HostNetwork.AS_POD

    @cached_property
    def all_subjects(self) -> tuple[Pod, ...]:
        """The pods that policies can say something about."""
        return tuple(pod for pod in self.pods if self.is_subject(pod))

    @cached_property
    def addressed(self) -> Addressed:
        """Those pods by their addresses."""
        return Addressed(self.all_subjects)

    @cached_property
    def table(self) -> Table:
        """Who may connect to whom, all pairs at once."""
        return Table(self.cluster)

    def subjects_in(self, namespace: str) -> tuple[Pod, ...]:
        """The pods of a namespace that policies can say something about."""
        return tuple(pod for pod in self.pods_in(namespace) if self.is_subject(pod))

    @cached_property
    def _selected(self) -> dict[str, tuple[Pod, ...]]:
        found: dict[str, list[Pod]] = {policy.key: [] for policy in self.policies}
        for pod in self.pods:
            for policy in self.cluster.policies_selecting(pod):
                found[policy.key].append(pod)
        return {key: tuple(pods) for key, pods in found.items()}

    def selected(self, policy: NetworkPolicy) -> tuple[Pod, ...]:
        """The pods that a policy selects."""
        return self._selected[policy.key]

    def subjects(self, policy: NetworkPolicy) -> tuple[Pod, ...]:
        """The pods that a policy selects and has a say about."""
        return tuple(pod for pod in self.selected(policy) if self.is_subject(pod))

    @cached_property
    def _isolating(self) -> dict[tuple[str, Direction], tuple[NetworkPolicy, ...]]:
        return {
            (pod.key, direction): self.cluster.isolating(pod, direction)
            for pod in self.pods
            for direction in Direction
        }

    def isolating(self, pod: Pod, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The policies that isolate a pod in a direction, in cluster order."""
        return self._isolating[pod.key, direction]

    def isolated(self, pod: Pod, direction: Direction) -> bool:
        """Whether some policy isolates a pod in a direction."""
        return bool(self._isolating[pod.key, direction])

    @cached_property
    def _denied_by_default(self) -> dict[tuple[str, Direction], bool]:
        return {}

    def guarded(self, pod: Pod, direction: Direction) -> bool:
        """Whether a policy isolates a pod in a direction, or a tier denies to everybody else."""
        if self.isolated(pod, direction) or not self.cluster.cluster_policies:
            return self.isolated(pod, direction)
        key = (pod.key, direction)
        if key not in self._denied_by_default:
            self._denied_by_default[key] = denies_by_default(self.cluster, pod, direction)
        return self._denied_by_default[key]

    # --- selectors -------------------------------------------------------------------------

    @cached_property
    def _pods_labelled(self) -> dict[tuple[str, str], list[Pod]]:
        found: dict[tuple[str, str], list[Pod]] = {}
        for pod in self.pods:
            for pair in pod.labels.items():
                found.setdefault(pair, []).append(pod)
        return found

    def picked(self, selector: LabelSelector, namespaces: Iterable[str]) -> tuple[Pod, ...]:
        """The pods that a selector picks in some namespaces, in cluster order."""
        wanted = set(namespaces)
        demanded = next(iter(selector.match_labels.items()), None)
        among = self.pods if demanded is None else self._pods_labelled.get(demanded, ())
        return tuple(
            pod for pod in among if pod.namespace in wanted and selector.matches(pod.labels)
        )

    @cached_property
    def _namespaces_picked(self) -> dict[LabelSelector, tuple[str, ...]]:
        return {}

    def namespaces_picked(self, selector: LabelSelector) -> tuple[str, ...]:
        """The names of the namespaces that a selector picks."""
        if selector not in self._namespaces_picked:
            self._namespaces_picked[selector] = tuple(
                space.name for space in self.cluster.namespaces if selector.matches(space.labels)
            )
        return self._namespaces_picked[selector]

    @cached_property
    def _peer_pods(self) -> dict[tuple[str | None, PodPeer], tuple[Pod, ...]]:
        return {}

    def scope(self, policy: NetworkPolicy, peer: PodPeer) -> tuple[str, ...]:
        """The namespaces in which a peer looks for pods."""
        if peer.namespace_selector is None:
            return (policy.namespace,)
        return self.namespaces_picked(peer.namespace_selector)

    def peer_pods(self, policy: NetworkPolicy, peer: PodPeer) -> tuple[Pod, ...]:
        """The pods that a peer stands for, those on their node's network included."""
        key = (policy.namespace if peer.namespace_selector is None else None, peer)
        if key not in self._peer_pods:
            scope = self.scope(policy, peer)
            self._peer_pods[key] = self.picked(peer.pod_selector or EVERYTHING, scope)
        return self._peer_pods[key]

    def peer_subjects(self, policy: NetworkPolicy, peer: PodPeer) -> tuple[Pod, ...]:
        """The pods that a peer really matches on this network plugin."""
        return tuple(pod for pod in self.peer_pods(policy, peer) if self.is_subject(pod))

    def far_pods(self, written: WrittenRule) -> tuple[Pod, ...]:
        """The pods that the peers of a rule stand for; all pods when it has no peers."""
        if not written.rule.peers:
            return self.pods
        found: dict[str, Pod] = {}
        for peer in written.rule.peers:
            if isinstance(peer, PodPeer):
                found.update((pod.key, pod) for pod in self.peer_pods(written.policy, peer))
        return tuple(found.values())

    def destinations(self, written: WrittenRule) -> tuple[Pod, ...]:
        """The pods whose ports a rule is about: selected ones for ingress, peers for egress."""
        if written.direction is Direction.INGRESS:
            return self.selected(written.policy)
        return self.far_pods(written)

    # --- namespaces and Services -----------------------------------------------------------

    @cached_property
    def _declared(self) -> frozenset[str]:
        """Namespaces whose labels were read; those that are merely mentioned do not count."""
        origins = (
            thing.origin
            for things in (self.cluster.pods, self.cluster.policies, self.cluster.namespaces)
            for thing in things
        )
        from_manifests = any(origin is not None for origin in origins)
        return frozenset(
            space.name
            for space in self.cluster.namespaces
            if space.origin is not None or not from_manifests
        )

    def labels_known(self, namespace: str) -> bool:
        """Whether the labels of a namespace are known, because a manifest declares it."""
        return namespace in self._declared

    @property
    def is_whole_cluster(self) -> bool:
        """Whether what was loaded looks like a whole cluster rather than a part of it."""
        return "kube-system" in self._declared and bool(self.pods_in("kube-system"))

    @cached_property
    def workload_namespaces(self) -> tuple[Namespace, ...]:
        """The namespaces with pods that policies could protect, less those of the system."""
        return tuple(
            space
            for space in self.cluster.namespaces
            if not space.name.startswith(SYSTEM_PREFIXES) and self.subjects_in(space.name)
        )

    @cached_property
    def _services_in(self) -> Mapping[str, tuple[Service, ...]]:
        found: dict[str, list[Service]] = {}
        for service in self.cluster.services:
            found.setdefault(service.namespace, []).append(service)
        return {name: tuple(known) for name, known in found.items()}

    def services_in(self, namespace: str) -> tuple[Service, ...]:
        """The Services of a namespace."""
        return self._services_in.get(namespace, ())

    @cached_property
    def _backends(self) -> dict[str, tuple[Pod, ...]]:
        return {}

    def backends(self, service: Service) -> tuple[Pod, ...]:
        """The pods behind a Service."""
        if service.key not in self._backends:
            self._backends[service.key] = services.backends(self.cluster, service)
        return self._backends[service.key]

    @cached_property
    def _service_targets(self) -> dict[str, set[tuple[int, Protocol]]]:
        found: dict[str, set[tuple[int, Protocol]]] = {}
        for service in self.cluster.services:
            numbers = {
                (port.target_port, port.protocol)
                for port in service.ports
                if isinstance(port.target_port, int)
            }
            for pod in self.backends(service):
                found.setdefault(pod.key, set()).update(numbers)
        return found

    def listens(self, pod: Pod, entry: PolicyPort) -> bool:
        """Whether a pod is known to listen on a port: it says so, or a Service sends there."""
        numbers = entry.ports or range(0)
        known = {(port.port, port.protocol) for port in pod.ports}
        known |= self._service_targets.get(pod.key, set())
        return any(port in numbers and protocol is entry.protocol for port, protocol in known)
