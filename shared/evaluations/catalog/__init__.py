"""Catalog: products, their versions and tests, and the test cases of a test."""
