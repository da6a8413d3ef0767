"""Drafting: scenarios from captured sessions and from briefs."""
