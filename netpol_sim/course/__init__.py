"""The course: exercises, grading, progress, and the notebooks it is taught in."""
