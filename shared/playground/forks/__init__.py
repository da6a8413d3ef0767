"""Forks of playground sessions."""
