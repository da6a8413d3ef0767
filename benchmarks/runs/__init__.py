"""Benchmarks of runs: cost, faults, stops, and fairness."""
