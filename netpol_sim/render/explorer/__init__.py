"""Walk through the matrix of a cluster and read the reasons: state here, widget in ``widget``."""
