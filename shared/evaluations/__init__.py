"""Evaluation sessions, their turns, and the products, versions, tests and test cases above."""
