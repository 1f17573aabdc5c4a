"""Predict a grid of verdicts, then see the truth: state here, widget in ``widget``."""
