"""``netpol exposure``: what a pod that does not exist yet could reach and be reached by."""
