"""``netpol diff``: which connections a change makes appear and disappear."""
