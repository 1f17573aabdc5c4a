"""What people believe about NetworkPolicy that is not so.

Each misconception is a rewrite (see ``rewrites``): a function from a right set of policies to the
wrong ones the belief produces.  One definition makes the wrong options of a card, the diagnosis of
an answer, the mutants that test the grader, and the drills.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy, by_scope
from netpol_sim.course import rewrites, rule_rewrites, tier_rewrites
from netpol_sim.course.rewrites import Policies, Rewrite, each_policy, in_peers, in_ports, in_rules
from netpol_sim.course.rewrites import one_or_all as anywhere
from netpol_sim.course.tier_rewrites import TierRewrite, in_each, in_rule_lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A belief, the truth, and what the belief makes of a right answer.

    ``id`` is stable; cards, tasks and progress refer to it.
    """

    id: str
    believes: str
    truth: str
    rewrite: Rewrite = rewrites.never
    in_tiers: TierRewrite = tier_rewrites.never

    def variants(self, policies: Policies, cluster: Cluster) -> Iterator[Policies]:
        """Every wrong set that the belief makes of a right one.

        Names stay the same; where two policies end up with one name and namespace, the later one
        stands, as after two updates.
        """
        for variant in self.rewrite(policies, cluster):
            yield tuple({policy.key: policy for policy in variant}.values())

    def everywhere(
        self, policies: Iterable[AnyPolicy], cluster: Cluster
    ) -> Iterator[tuple[AnyPolicy, ...]]:
        """The same for a set that may hold cluster-scoped policies, too."""
        own, of_cluster = by_scope(policies)
        for variant in self.variants(own, cluster):
            yield (*variant, *of_cluster)
        for changed in self.in_tiers(of_cluster):
            yield (*own, *changed)


MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        id="dash-splits-and",
        believes="two selectors in a list mean both",
        truth="each dash begins a new peer, and one matching peer is enough; both selectors must "
        "stand under one dash to be combined",
        rewrite=anywhere(in_peers(rule_rewrites.split_and)),
    ),
    Misconception(
        id="dash-joins-or",
        believes="two selectors under one dash mean either",
        truth="selectors under one dash must both match; give each its own dash to accept either",
        rewrite=anywhere(in_rules(rule_rewrites.join_or)),
    ),
    Misconception(
        id="pod-selector-is-global",
        believes="a podSelector finds pods in every namespace",
        truth="a podSelector alone looks in the policy's own namespace only",
        rewrite=anywhere(in_peers(rule_rewrites.forget_namespace_selector)),
    ),
    Misconception(
        id="namespace-is-enough",
        believes="naming the namespace is precise enough",
        truth="a namespaceSelector alone lets every pod of the namespace in",
        rewrite=anywhere(in_peers(rule_rewrites.forget_pod_selector)),
    ),
    Misconception(
        id="invented-name-label",
        believes="a namespace has a label `name`",
        truth="the label every namespace has is `kubernetes.io/metadata.name`",
        rewrite=anywhere(in_peers(rule_rewrites.invented_name_label)),
    ),
    Misconception(
        id="any-namespace",
        believes="`namespaceSelector: {}` with a pod label is safe, because the label is known",
        truth="any namespace matches, and whoever may label a pod there gets in",
        rewrite=anywhere(in_peers(rule_rewrites.any_namespace)),
    ),
    Misconception(
        id="own-namespace-needs-a-selector",
        believes="own pods need `namespaceSelector: {}` beside the podSelector",
        truth="without a namespaceSelector only the own namespace is meant; `{}` opens all of them",
        rewrite=anywhere(in_peers(rule_rewrites.same_label_everywhere)),
    ),
    Misconception(
        id="empty-pod-selector-is-everybody",
        believes="`podSelector: {}` means everybody",
        truth="it means every pod of the own namespace, and nobody from outside it",
        rewrite=anywhere(in_rules(rule_rewrites.only_pods_of_namespace)),
    ),
    Misconception(
        id="empty-namespace-selector-is-everybody",
        believes="`namespaceSelector: {}` means everybody, the internet included",
        truth="it means every pod of the cluster; no address outside it",
        rewrite=anywhere(in_rules(rule_rewrites.only_pods_of_cluster)),
    ),
    Misconception(
        id="not-in-needs-the-label",
        believes="NotIn only matches pods that carry the label",
        truth="NotIn matches pods without the label as well",
        rewrite=anywhere(in_peers(rule_rewrites.everybody_but)),
    ),
    Misconception(
        id="any-address-is-the-internet",
        believes="`0.0.0.0/0` is a way to name pods",
        truth="a range is about addresses: this one covers the internet, on some plugins no pod",
        rewrite=anywhere(in_peers(rule_rewrites.address_for_pods)),
    ),
    Misconception(
        id="except-forgotten",
        believes="the range alone is fine",
        truth="a range covers everything in it; what must stay shut goes into `except`",
        rewrite=anywhere(in_peers(rule_rewrites.forget_exceptions)),
    ),
    Misconception(
        id="replicas-need-no-rule",
        believes="pods of one workload can always talk to each other",
        truth="only a pod and itself are exempt; replicas need a rule like anybody else",
        rewrite=anywhere(in_peers(rule_rewrites.forget_own_pods)),
    ),
    Misconception(
        id="dash-splits-ports",
        believes="a dash before `ports` is a matter of style",
        truth="it begins a second rule: the peers on every port, and everybody on those ports",
        rewrite=anywhere(in_rules(rule_rewrites.split_ports_off)),
    ),
    Misconception(
        id="ports-forgotten",
        believes="naming the peer is enough",
        truth="a rule without ports opens every port of every protocol",
        rewrite=anywhere(in_rules(rule_rewrites.forget_ports)),
    ),
    Misconception(
        id="empty-peers-mean-nobody",
        believes="a rule without peers lets nobody in",
        truth="a rule without peers lets everybody in, from outside the cluster too",
        rewrite=anywhere(in_rules(rule_rewrites.forget_peers)),
    ),
    Misconception(
        id="dns-forgotten",
        believes="egress rules are needed for the services one calls, and nothing else",
        truth="names must be looked up first: DNS is egress too",
        rewrite=anywhere(in_rules(rule_rewrites.forget_dns)),
    ),
    Misconception(
        id="dns-is-udp-only",
        believes="DNS uses UDP only",
        truth="long answers come over TCP; open port 53 for both",
        rewrite=anywhere(in_ports(rule_rewrites.dns_over_udp_only)),
    ),
    Misconception(
        id="protocol-means-all",
        believes="a port without a protocol means all protocols",
        truth="a port without a protocol means TCP",
        rewrite=anywhere(in_ports(rule_rewrites.protocol_omitted)),
    ),
    Misconception(
        id="service-port-counts",
        believes="the policy needs the port the client dials",
        truth="the policy is judged at the pod: it needs the target port, not the Service's",
        rewrite=anywhere(in_ports(rule_rewrites.service_port)),
    ),
    Misconception(
        id="policy-types-are-optional",
        believes="policyTypes follow from the rules that are written",
        truth="left out, Ingress is always assumed, and Egress only when an egress rule is written",
        rewrite=anywhere(rewrites.forget_policy_types),
    ),
    Misconception(
        id="directions-swapped",
        believes="ingress is what the pod opens, egress what it accepts",
        truth="ingress is what comes in, egress is what goes out",
        rewrite=anywhere(rewrites.swap_directions),
    ),
    Misconception(
        id="wrong-end",
        believes="limiting the clients protects the server",
        truth="only an ingress policy on the server protects it; all other pods still reach it",
        rewrite=anywhere(rewrites.police_the_other_end),
    ),
    Misconception(
        id="egress-ignored",
        believes="only what comes in needs a policy",
        truth="what goes out is decided too: not isolated, a pod may send anywhere; isolated, it "
        "needs egress rules",
        rewrite=anywhere(rewrites.ignore_egress),
    ),
    Misconception(
        id="empty-rule-is-no-rule",
        believes="`- {}` allows nothing",
        truth="an empty rule matches everything; no rule at all allows nothing",
        rewrite=anywhere(rewrites.empty_rule_for_none),
    ),
    Misconception(
        id="policies-are-cluster-wide",
        believes="a policy applies wherever its labels match",
        truth="a policy lives in a namespace and selects pods of that namespace only",
        rewrite=anywhere(rewrites.namespace_omitted),
    ),
    Misconception(
        id="selector-misspelt",
        believes="a selector that matches nothing is reported",
        truth="it is silent: the policy selects no pod and protects nothing",
        rewrite=each_policy(rewrites.misspell),
    ),
    Misconception(
        id="one-policy-fits-all",
        believes="selecting all pods is the safe choice",
        truth="every pod of the namespace then accepts what was meant for one",
        rewrite=each_policy(rewrites.select_everything),
    ),
    Misconception(
        id="deny-is-the-default",
        believes="what no rule allows is denied anyway",
        truth="a pod that no policy selects is open; the deny needs a policy of its own",
        rewrite=rewrites.every_policy(rewrites.forget_deny),
    ),
    Misconception(
        id="one-end-is-enough",
        believes="allowing one end opens the connection",
        truth="where both ends are isolated, egress and ingress must both allow it",
        rewrite=rewrites.forget_one,
    ),
    Misconception(
        id="replies-need-a-rule",
        believes="replies need an egress rule for high ports",
        truth="replies to an allowed connection always pass; the rule opens real connections",
        rewrite=each_policy(rewrites.open_reply_ports),
    ),
    Misconception(
        id="networks-are-outside",
        believes="`networks: [0.0.0.0/0]` in a ClusterNetworkPolicy means the internet",
        truth="`networks` matches the addresses of pods as well; what pods may do must be said by "
        "a rule before it",
        in_tiers=in_rule_lists(tier_rewrites.forget_pods_before_networks),
    ),
    Misconception(
        id="pass-is-accept",
        believes="`Pass` lets a connection pass",
        truth="`Pass` leaves the tier, and the next one decides; `Accept` lets it pass",
        in_tiers=in_rule_lists(tier_rewrites.accept_for_pass),
    ),
    Misconception(
        id="rules-of-a-tier-add-up",
        believes="the order of rules does not matter, as in a NetworkPolicy",
        truth="in a ClusterNetworkPolicy the first rule that matches decides",
        in_tiers=in_rule_lists(tier_rewrites.reverse),
    ),
    Misconception(
        id="tiers-confused",
        believes="Admin and Baseline are two names for the rules of the administrators",
        truth="Admin is asked before NetworkPolicies, and Baseline only where none of them decides",
        in_tiers=in_each(tier_rewrites.other_tier),
    ),
)

BY_ID: Mapping[str, Misconception] = {item.id: item for item in MISCONCEPTIONS}
