"""Edit policies and see the world change: state here, widget in ``widget``."""
