"""Single mistakes, each of which the spec cases must notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One text of a module of ``netpol_sim`` replaced by another; ``says`` is the mistake."""

    module: str
    says: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.module}: {self.says}"


def _of(module: str, *mistakes: tuple[str, str, str]) -> tuple[Mutant, ...]:
    return tuple(Mutant(module=module, says=says, old=old, new=new) for says, old, new in mistakes)


MUTANTS = (
    *_of(
        "verdict",
        (
            "one open end is enough",
            "self.egress.reason.allows and self.ingress.reason.allows",
            "self.egress.reason.allows or self.ingress.reason.allows",
        ),
        (
            "a peer or a port is enough",
            "return self.peer_matched and self.port_matched",
            "return self.peer_matched or self.port_matched",
        ),
        (
            "an empty list of peers is nobody",
            "return not self.peers or PeerOutcome.MATCHED in self.peers",
            "return PeerOutcome.MATCHED in self.peers",
        ),
        (
            "an empty list of ports is no port",
            "return not self.ports or PortOutcome.MATCHED in self.ports",
            "return PortOutcome.MATCHED in self.ports",
        ),
    ),
    *_of(
        "model",
        (
            "the ends are swapped",
            "return self.source if direction is Direction.EGRESS else self.destination",
            "return self.destination if direction is Direction.EGRESS else self.source",
        ),
        (
            "namespaces do not carry their name",
            "Labels({**self.labels, NAMESPACE_NAME_LABEL: self.name})",
            "Labels(self.labels)",
        ),
        (
            "a written name label wins over the name",
            "Labels({**self.labels, NAMESPACE_NAME_LABEL: self.name})",
            "Labels({NAMESPACE_NAME_LABEL: self.name, **self.labels})",
        ),
        (
            "failed pods take part",
            "_FINISHED = (Phase.SUCCEEDED, Phase.FAILED)",
            "_FINISHED = (Phase.SUCCEEDED,)",
        ),
        (
            "pods that have not started take part",
            "return bool(self.ips) or self.host_network",
            "return True",
        ),
    ),
    *_of(
        "evaluate",
        (
            "every rule must match",
            "if any(step.matched for step in steps):",
            "if all(step.matched for step in steps):",
        ),
        (
            "only the first isolating policy counts",
            "steps = _steps(cluster, isolated_by, connection, direction)",
            "steps = _steps(cluster, isolated_by[:1], connection, direction)",
        ),
        (
            "finished pods answer",
            "        return Reason.NOT_RUNNING\n",
            "        return Reason.NOT_ISOLATED\n",
        ),
        (
            "every plugin enforces",
            "if not profile.enforces:",
            "if not profile.enforces and near is far:",
        ),
        (
            "pods of one name are one pod",
            "far.key == near.key",
            "far.name == near.name",
        ),
        (
            "a pod may be shut off from itself",
            "        return Reason.SAME_POD\n",
            "        return None\n",
        ),
        (
            "pods of the host are isolated",
            "    if _counts_as_node(cluster, near):\n        return Reason.HOST_NETWORK\n",
            "",
        ),
        (
            "every node is the pod's own",
            "near.node is not None and near.node == _node_of(cluster, far)",
            "near.node is not None and _node_of(cluster, far) is not None",
        ),
        (
            "the own node needs a rule",
            "direction is Direction.INGRESS or profile.own_node_egress_allowed",
            "direction is Direction.EGRESS and profile.own_node_egress_allowed",
        ),
        (
            "the own node is always reached",
            "direction is Direction.INGRESS or profile.own_node_egress_allowed",
            "direction is Direction.INGRESS or profile.enforces",
        ),
        (
            "pods of the host are never the node",
            "return entity.host_network and cluster.profile.host_network is HostNetwork.AS_NODE",
            "return False",
        ),
        (
            "pods of the host are always the node",
            "return entity.host_network and cluster.profile.host_network is HostNetwork.AS_NODE",
            "return entity.host_network",
        ),
        (
            "ingress is judged before translation too",
            "if direction is Direction.EGRESS and judged_before and",
            "if judged_before and",
        ),
        (
            "egress is always judged after translation",
            "if direction is Direction.EGRESS and judged_before and",
            "if direction is Direction.EGRESS and not judged_before and",
        ),
        (
            "the family of a connection does not count",
            "if connection.family is not None:",
            "if connection.family is None and False:",
        ),
        (
            "the first address of a dual-stack end counts",
            "return next((ip for ip in addresses if ip.version == family), addresses[0])",
            "return addresses[0]",
        ),
        (
            "pods of the host have no address but their own",
            "return cluster.node(node).ips",
            "return ()",
        ),
        (
            "selectors pick pods of the host",
            "    if _counts_as_node(cluster, far):\n        return PeerOutcome.HOST_NETWORK\n",
            "",
        ),
        (
            "a podSelector alone looks everywhere",
            "if far.namespace == policy.namespace:",
            "if far.namespace:",
        ),
        (
            "a podSelector beside a namespaceSelector does not count",
            "return PeerOutcome.MATCHED if pods_match else PeerOutcome.POD_LABELS\n    return",
            "return PeerOutcome.MATCHED\n    return",
        ),
        (
            "a namespaceSelector alone picks nobody",
            "peer.pod_selector is None or peer.pod_selector.matches(far.labels)",
            "peer.pod_selector is not None and peer.pod_selector.matches(far.labels)",
        ),
        (
            "namespace selectors look at pod labels",
            "peer.namespace_selector.matches(cluster.namespace_labels(far.namespace))",
            "peer.namespace_selector.matches(far.labels)",
        ),
        (
            "exceptions are ignored",
            "    if not block.contains(address):\n",
            "    if False:\n",
        ),
        (
            "ranges never cover pods",
            "if isinstance(far, Pod) and not cluster.profile.ip_block_matches_pods:",
            "if isinstance(far, Pod):",
        ),
        (
            "ranges always cover pods",
            "if isinstance(far, Pod) and not cluster.profile.ip_block_matches_pods:",
            "if False:",
        ),
        (
            "ranges always cover nodes",
            "return None if cluster.profile.ip_block_matches_nodes else",
            "return None if cluster.profile.enforces else",
        ),
        (
            "protocols are not told apart",
            (
                "    if entry.protocol is not connection.protocol:\n"
                "        return PortOutcome.OTHER_PROTOCOL\n"
                "    return PortOutcome.MATCHED if number in numbers"
            ),
            "    return PortOutcome.MATCHED if number in numbers",
        ),
        (
            "a port name is looked up on the source",
            "destination = connection.destination\n",
            "destination = connection.source\n",
        ),
        (
            "a port name matches in every protocol",
            "for declared in named if declared.protocol is entry.protocol]",
            "for declared in named]",
        ),
        (
            "a port name stands for its first port only",
            "return PortOutcome.MATCHED if number in numbers else PortOutcome.NAME_OTHER_NUMBER",
            "return PortOutcome.MATCHED if number == numbers[0] else PortOutcome.NAME_OTHER_NUMBER",
        ),
        (
            "a port name matches every number",
            "return PortOutcome.MATCHED if number in numbers else PortOutcome.NAME_OTHER_NUMBER",
            "return PortOutcome.MATCHED",
        ),
        (
            "a port name may be one of the host",
            "if not isinstance(destination, Pod) or _counts_as_node(cluster, destination):",
            "if not isinstance(destination, Pod):",
        ),
    ),
    *_of(
        "labels",
        (
            "an absent key fails NotIn",
            "return self.key not in labels or labels[self.key] not in self.values",
            "return self.key in labels and labels[self.key] not in self.values",
        ),
        (
            "an absent key is an empty value",
            "return self.key in labels and labels[self.key] in self.values",
            'return labels.get(self.key, "") in self.values',
        ),
        (
            "In takes its first value only",
            "return self.key in labels and labels[self.key] in self.values",
            "return labels.get(self.key) == self.values[0]",
        ),
        (
            "Exists needs a value",
            "                return self.key in labels\n",
            "                return bool(labels.get(self.key))\n",
        ),
        (
            "DoesNotExist is Exists",
            "                return self.key not in labels\n",
            "                return self.key in labels\n",
        ),
        (
            "an absent label equals any value",
            "if labels.get(key) != value:",
            "if labels.get(key, value) != value:",
        ),
        (
            "one expression is enough",
            "return all(requirement.matches(labels) for requirement in self.match_expressions)",
            (
                "return not self.match_expressions or "
                "any(requirement.matches(labels) for requirement in self.match_expressions)"
            ),
        ),
        (
            "expressions are ignored beside labels",
            "return all(requirement.matches(labels) for requirement in self.match_expressions)",
            (
                "return bool(self.match_labels) or "
                "all(requirement.matches(labels) for requirement in self.match_expressions)"
            ),
        ),
        (
            "operators may have no values",
            "elif self.operator in (Operator.IN, Operator.NOT_IN) and not self.values:",
            "elif self.operator is Operator.IN and not self.values:",
        ),
    ),
    *_of(
        "policy",
        (
            "the last port is not in the range",
            "return range(first, (self.end_port or first) + 1)",
            "return range(first, self.end_port or first + 1)",
        ),
        (
            "an empty entry is no port",
            "return range(1, 65536)",
            "return range(1, 1)",
        ),
        (
            "policyTypes default to Ingress always",
            "(Direction.INGRESS, Direction.EGRESS) if self.egress else (Direction.INGRESS,)",
            "(Direction.INGRESS,)",
        ),
        (
            "policyTypes default to both always",
            "(Direction.INGRESS, Direction.EGRESS) if self.egress else (Direction.INGRESS,)",
            "(Direction.INGRESS, Direction.EGRESS)",
        ),
        (
            "egress rules alone leave ingress open",
            "(Direction.INGRESS, Direction.EGRESS) if self.egress else (Direction.INGRESS,)",
            "(Direction.EGRESS,) if self.egress else (Direction.INGRESS,)",
        ),
        (
            "ingress and egress rules are swapped",
            "return self.ingress if direction is Direction.INGRESS else self.egress",
            "return self.egress if direction is Direction.INGRESS else self.ingress",
        ),
        (
            "an exception may be the whole range",
            "network.prefixlen >= inner.prefixlen",
            "network.prefixlen > inner.prefixlen",
        ),
        (
            "an exception may be elsewhere",
            "elif not contains(network, inner) or network",
            "elif network",
        ),
        (
            "only the first exception counts",
            "any(address in cut for cut in self.excluded)",
            "any(address in cut for cut in self.excluded[:1])",
        ),
        (
            "a range of ports may end below its beginning",
            "if self.end_port < self.port:",
            "if False:",
        ),
        (
            "a range may begin at a name",
            "        if self.end_port is not None:\n            reason",
            "        if self.end_port is not None and self.port is None:\n            reason",
        ),
        (
            "three policyTypes are fine",
            "if len(self.policy_types) > 2:",
            "if len(self.policy_types) > 3:",
        ),
    ),
    *_of(
        "cluster",
        (
            "policies select in every namespace",
            "self._selection.get(pod.namespace, _NO_POLICIES).selecting(pod)",
            "_PolicySelection(self.policies).selecting(pod)",
        ),
        (
            "one label of a podSelector is enough",
            "selecting = [item for item in candidates if item.pod_selector.matches(pod.labels)]",
            "selecting = candidates",
        ),
        (
            "selectors without labels select nobody",
            "candidates = list(self._others)",
            "candidates: list[NetworkPolicy] = []",
        ),
        (
            "a policy isolates in both directions",
            "return tuple(policy for policy in selecting if direction in policy.policy_types)",
            "return selecting",
        ),
        (
            "an update adds to a policy",
            "found.update((policy.key, policy) for policy in policies)",
            "found.update((policy.key, policy) for policy in policies if policy.key not in found)",
        ),
        (
            "finished pods keep their addresses",
            "if pod.takes_part and not pod.host_network:",
            "if not pod.host_network:",
        ),
        (
            "namespaces that nobody declares are forgotten",
            "self.namespaces + implied)",
            "self.namespaces)",
        ),
    ),
    *_of(
        "services",
        (
            "pods that are not ready are behind a Service",
            "and (pod.ready or service.publish_not_ready_addresses)",
            "and (True or service.publish_not_ready_addresses)",
        ),
        (
            "no Service publishes pods that are not ready",
            "and (pod.ready or service.publish_not_ready_addresses)",
            "and pod.ready",
        ),
        (
            "a Service port is not translated",
            "        return port.target_port\n",
            "        return port.port\n",
        ),
        (
            "a named target has any protocol",
            "(found.port for found in named if found.protocol is port.protocol)",
            "(found.port for found in named)",
        ),
        (
            "a Service port has any protocol",
            "if port in (known.port, known.name) and known.protocol is protocol:",
            "if port in (known.port, known.name):",
        ),
        (
            "a headless Service is translated",
            "if service.headless and isinstance(port, int):",
            "if service.headless and port is None:",
        ),
    ),
    *_of(
        "addresses",
        (
            "leading zeros are octal",
            "str(int(part)) for part in",
            "str(int(part, 8 if part[0] == '0' else 10)) for part in",
        ),
        (
            "mapped ranges are IPv6 ranges",
            "if mapped is not None and prefix >= 96:",
            "if mapped is not None and prefix >= 129:",
        ),
        (
            "mapped addresses are IPv6 addresses",
            "return address.ipv4_mapped or address",
            "return address",
        ),
    ),
    *_of(
        "names",
        (
            "port names may be numbers",
            'if not re.search("[a-z]", text):',
            'if not re.search("[a-z0-9]", text):',
        ),
        (
            "port 65536 is fine",
            "1 <= number <= 65535",
            "1 <= number <= 65536",
        ),
    ),
    *_of(
        "caveats",
        (
            "a caveat is named without cause",
            "        if other.allowed is not end.allowed:\n",
            "        if other is not end:\n",
        ),
        (
            "a source outside is never rewritten",
            "if outcomes and not egress:",
            "if outcomes and egress:",
        ),
    ),
    *_of(
        "ask",
        (
            "a port name has any protocol",
            "for found in destination.ports_named(port) if found.protocol is protocol}",
            "for found in destination.ports_named(port)}",
        ),
        (
            "one backend is enough",
            "        return ServiceOutcome.DEPENDS\n",
            "        return ServiceOutcome.ALLOWED\n",
        ),
        (
            "a caged pod may reach every name",
            "return end.allowed and not end.isolated_by",
            "return True",
        ),
    ),
)
