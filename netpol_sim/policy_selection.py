"""Which policies select a pod; those of a namespace are found without trying each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netpol_sim.cluster_policy import ClusterNetworkPolicy
from netpol_sim.model import Pod
from netpol_sim.policy import NetworkPolicy


class PolicySelection:
    """The policies of one namespace, found by a label that their ``podSelector`` demands."""

    __slots__ = ("_by_label", "_order", "_others")

    def __init__(self, policies: Iterable[NetworkPolicy]) -> None:
        self._order = {policy.name: index for index, policy in enumerate(policies)}
        self._by_label: dict[tuple[str, str], list[NetworkPolicy]] = {}
        self._others: list[NetworkPolicy] = []
        for policy in policies:
            demanded = next(iter(policy.pod_selector.match_labels.items()), None)
            if demanded is None:
                self._others.append(policy)
            else:
                self._by_label.setdefault(demanded, []).append(policy)

    def selecting(self, pod: Pod) -> tuple[NetworkPolicy, ...]:
        """Those whose ``podSelector`` picks a pod of the namespace, in the order given."""
        candidates = list(self._others)
        for pair in pod.labels.items():
            candidates += self._by_label.get(pair, ())
        selecting = [item for item in candidates if item.pod_selector.matches(pod.labels)]
        return tuple(sorted(selecting, key=lambda policy: self._order[policy.name]))


NO_POLICIES = PolicySelection(())


def is_subject(policy: ClusterNetworkPolicy, labels: Mapping[str, str], pod: Pod) -> bool:
    """Whether a policy's subject picks a pod of a namespace with these labels."""
    spaces, pods = policy.subject.namespace_selector, policy.subject.pod_selector
    return (spaces is None or spaces.matches(labels)) and (pods is None or pods.matches(pod.labels))
