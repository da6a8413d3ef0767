"""Datasets: tests whose test cases come from an uploaded CSV file."""
