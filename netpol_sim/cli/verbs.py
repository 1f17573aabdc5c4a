"""The verbs of ``netpol`` and what each is for, in the order that the help shows.

A verb is the name of its module in this package, with `-` for `_`.
"""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "Ask about a cluster": {
        "check": "is a connection allowed, and why",
        "explain": "the same with every policy and rule that was looked at",
        "matrix": "who can reach whom, for every pair",
        "connections": "everything that is allowed, with exact ports, or between two ends and why",
        "who-can-reach": "everyone who can connect to a place",
        "reachable-from": "everything that a place can connect to",
        "blast-radius": "how far an intruder in a pod gets, step by step",
        "isolation": "which policies isolate which pod, in which direction",
        "exposure": "what a pod that does not exist yet could reach and be reached by",
        "draw": "a picture of a cluster, or of one connection",
        "profiles": "what network plugins do where the API leaves it open, with sources",
    },
    "Compare and improve policies": {
        "diff": "which connections a change makes appear and disappear",
        "compare": "do two policy sets mean the same, on every cluster",
        "stage": "in which order to apply policies so that nothing needed breaks",
        "replay": "what policies would have done to recorded connections",
        "needs": "what is needed beside what is allowed: missing, unused, unprotected",
        "contribution": "what one policy alone changes",
        "redundant": "the policies that change nothing",
        "convert": "AdminNetworkPolicies as the ClusterNetworkPolicies that replace them",
        "lint": "what is probably wrong, what it does, and how to fix it",
    },
    "Take the course": {
        "start": "open the course in JupyterLab",
        "grade": "judge your answers by what they do",
        "hint": "get the next hint for a task",
        "watch": "judge an answer each time you save it",
        "quiz": "quiz cards; what you are about to forget comes back",
        "interview": "a mock interview, with follow-up questions from your own answers",
        "exam": "fifteen exam-style tasks against the clock",
        "practice": "new tasks, as many as you like",
        "progress": "what is done, what is next",
        "reset": "begin a task again",
    },
}
"""Heading -> verb -> one line about it."""

VERBS = {verb: says for verbs in GROUPS.values() for verb, says in verbs.items()}
