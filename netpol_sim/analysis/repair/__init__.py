"""The smallest edit that makes policies mean what a reference means.

Read `smallest` first: it searches.  `edit` says what an edit is, `spots` where a policy can be
edited, `edits` and `selector_edits` which edits there are.
"""

from netpol_sim.analysis.repair.smallest import LARGEST, Repair, RepairOutcome, minimal_repair

__all__ = ["LARGEST", "Repair", "RepairOutcome", "minimal_repair"]
