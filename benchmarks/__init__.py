"""Measurements. Run by ``make bench``; not part of the tests."""
