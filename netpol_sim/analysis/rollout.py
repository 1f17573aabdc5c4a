"""In which order to apply policies so that no step on the way breaks a connection that is needed.

A policy isolates its pods at once with whatever it allows, so the danger is a policy that isolates
a pod before the policy that allows what the pod needs.  Safe is a step after which every needed
connection that was allowed is still allowed.

When all of them are allowed to begin with and every policy is a new NetworkPolicy, a step that is
safe stays safe later: nothing that is applied in between takes away what a rule allows.  So the
first safe policy is always a good choice, and a state without one proves that there is no order.
Otherwise (some needed connection waits for a policy, a policy replaces one of its name, or it is
cluster-scoped and may deny what another accepts) other choices are tried in turn, up to a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from netpol_sim.analysis.asked import Asked, Need, answers, asked, needs_of, rules_to_come
from netpol_sim.analysis.compare import Policies, cluster_of
from netpol_sim.analysis.together import Batch, applied, batches
from netpol_sim.cluster import Cluster
from netpol_sim.cluster_policy import AnyPolicy
from netpol_sim.model import Connection, Pod
from netpol_sim.policy import Direction, NetworkPolicy
from netpol_sim.verdict import Answer

STATES = 1_000
"""How many states of the cluster a search may look at before it gives up."""


class RolloutOutcome(StrEnum):
    """Whether policies can be applied one by one."""

    SAFE = "safe"
    NEVER_ALLOWED = "never-allowed"
    NO_ORDER = "no-order"
    LIMIT_REACHED = "limit-reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One policy that is applied.

    ``isolates`` are the pods, with the direction, that nothing isolated before; ``allows`` the
    needed connections that it begins to allow.
    """

    policy: AnyPolicy
    before: Cluster
    after: Cluster
    isolates: tuple[tuple[Pod, Direction], ...]
    allows: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A policy that cannot be applied next, and the needed connections it would break."""

    policy: AnyPolicy
    breaks: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """A safe order, or why there is none.

    SAFE: ``steps`` holds all policies in a safe order.  NEVER_ALLOWED: ``denied`` are needed
    connections that are denied when all policies are applied, so no order helps.  NO_ORDER: after
    ``steps``, each remaining policy is one of the ``obstacles``, and no other beginning leads
    further; ``batches`` hold all policies in an order that is safe if those of a batch take effect
    at once.  LIMIT_REACHED: the same, but not every beginning was tried.
    """

    outcome: RolloutOutcome
    steps: tuple[Step, ...] = ()
    denied: tuple[Need, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    batches: tuple[Batch, ...] = ()

    @property
    def safe(self) -> bool:
        """Whether there is a safe order."""
        return self.outcome is RolloutOutcome.SAFE

    def __str__(self) -> str:
        return " -> ".join(step.policy.key for step in self.steps) if self.safe else self.outcome


def stage(policies: Policies, needs: Iterable[str | Connection], cluster: Cluster) -> Rollout:
    """Order policies so that no step breaks a connection that is needed.

    Args:
        policies: What to apply; one that has the name of a policy in the cluster replaces it.  Of
            several safe choices the first in this order is made.
        needs: Connections, as values or as text such as ``bank/web -> bank/api:8080``, that must be
            allowed in the end and must not be interrupted on the way.  The ends of a text may mean
            several places, as those of ``check_needs``: ``bank/*``, a workload, a range.
        cluster: The cluster as it is.

    Returns:
        The steps, or why there is no safe order, with verdicts.

    Raises:
        ConnectionTextError: A text cannot be read.
        UnknownNameError: The cluster has no such pod, node, Service, namespace or port.
        InvalidValueError: Two of the policies share a name.

    >>> from netpol_sim.labels import LabelSelector
    >>> from netpol_sim.policy import PodPeer, Rule
    >>> web = Pod(namespace="shop", name="web", labels={"app": "web"})
    >>> cluster = Cluster(pods=(web, Pod(namespace="shop", name="db")))
    >>> deny = NetworkPolicy(namespace="shop", name="deny-all")
    >>> peer = PodPeer(pod_selector=LabelSelector(match_labels={"app": "web"}))
    >>> allow = NetworkPolicy(namespace="shop", name="from-web", ingress=(Rule(peers=(peer,)),))
    >>> print(stage([deny, allow], ["shop/web -> shop/db:5432"], cluster))
    shop/from-web -> shop/deny-all
    """
    wanted = cluster_of(policies).every_policy
    target = cluster.with_policy(*wanted)
    questions = asked(needs, cluster, target)
    in_the_end = answers(target, questions)
    denied = [pair for pair in zip(questions, in_the_end, strict=True) if not pair[1].allowed]
    if denied:
        return Rollout(outcome=RolloutOutcome.NEVER_ALLOWED, denied=needs_of(denied))
    begins_well = all(answer.allowed for answer in answers(cluster, questions))
    search = _Search(
        questions=questions,
        in_the_end=in_the_end,
        target=target,
        first_is_best=begins_well and _only_add(cluster, wanted),
    )
    steps = search.order(cluster, wanted)
    if steps is not None:
        return Rollout(outcome=RolloutOutcome.SAFE, steps=steps)
    return Rollout(
        outcome=RolloutOutcome.NO_ORDER if search.left > 0 else RolloutOutcome.LIMIT_REACHED,
        steps=search.furthest,
        obstacles=search.obstacles,
        batches=batches(cluster, target, wanted, questions),
    )


def _only_add(cluster: Cluster, wanted: Iterable[AnyPolicy]) -> bool:
    """Whether all policies are new ones of the kind whose rules add up."""
    present = {policy.key for policy in cluster.policies}
    return all(isinstance(each, NetworkPolicy) and each.key not in present for each in wanted)


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is needed, how many states may still be looked at, and where the way first ended."""

    questions: tuple[Asked, ...]
    target: Cluster
    in_the_end: tuple[Answer, ...]
    first_is_best: bool
    left: int = STATES
    furthest: tuple[Step, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    def order(self, cluster: Cluster, policies: tuple[AnyPolicy, ...]) -> tuple[Step, ...] | None:
        """Safe steps that apply all policies; None when no order was found."""
        waiting: list[tuple[Cluster, tuple[Step, ...]]] = [(cluster, ())]
        seen: set[frozenset[str]] = set()
        while waiting and self.left > 0:
            state, steps = waiting.pop()
            done = frozenset(step.policy.key for step in steps)
            if done in seen:
                continue
            seen.add(done)
            remaining = [policy for policy in policies if policy.key not in done]
            if not remaining:
                return steps
            self.left -= not self.first_is_best
            choices = self._choices(state, remaining, steps)
            waiting += [(step.after, (*steps, step)) for step in reversed(choices)]
        return None

    def _choices(
        self, cluster: Cluster, remaining: Sequence[AnyPolicy], steps: tuple[Step, ...]
    ) -> list[Step]:
        """The safe next steps, or only the first of them when that is as good as any."""
        before = answers(cluster, self.questions)
        safe: list[Step] = []
        obstacles: list[Obstacle] = []
        for policy in remaining:
            after = applied(cluster, (policy,), self.target)
            now = answers(after, self.questions)
            changed = [
                index
                for index, (one, other) in enumerate(zip(before, now, strict=True))
                if one.allowed != other.allowed
            ]
            broken = [index for index in changed if not now[index].allowed]
            if broken:
                obstacles.append(self._obstacle(policy, broken, now))
                continue
            safe.append(
                Step(
                    policy=policy,
                    before=cluster,
                    after=after,
                    isolates=_newly_isolated(cluster, after),
                    allows=needs_of((self.questions[each], now[each]) for each in changed),
                )
            )
            if self.first_is_best:
                break
        if not safe and not self.obstacles:
            self.furthest, self.obstacles = steps, tuple(obstacles)
        return safe

    def _obstacle(
        self, policy: AnyPolicy, broken: Sequence[int], now: Sequence[Answer]
    ) -> Obstacle:
        """What a policy breaks; of several connections of a need, the rules for one are named."""
        end = {id(now[index]): self.in_the_end[index] for index in broken}
        breaks = needs_of((self.questions[index], now[index]) for index in broken)
        return Obstacle(
            policy=policy,
            breaks=tuple(
                replace(need, waits_for=rules_to_come(need.answer, end[id(need.answer)]))
                for need in breaks
            ),
        )


def _newly_isolated(before: Cluster, after: Cluster) -> tuple[tuple[Pod, Direction], ...]:
    return tuple(
        (pod, direction)
        for pod in after.pods
        for direction in Direction
        if after.isolating(pod, direction) and not before.isolating(pod, direction)
    )
