"""Traces: the steps of a product during a turn of an evaluation session."""
