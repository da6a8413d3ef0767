"""Reports of runs: scores, comparison of two runs, and files."""
