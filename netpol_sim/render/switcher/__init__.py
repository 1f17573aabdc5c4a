"""Move a cluster from plugin to plugin and see what changes: state here, widget in ``widget``."""
