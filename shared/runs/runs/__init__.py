"""Runs of many simulations."""
