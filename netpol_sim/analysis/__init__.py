"""Questions about many connections at once, tied to `evaluate` by property tests."""
