"""Runs: scenarios run against a target, with verdicts."""
