"""Measure how fast netpol_sim is; every ratio has both sides in the same run."""
