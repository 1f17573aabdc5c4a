"""A difference between two clusters as text, JSON and Markdown."""
