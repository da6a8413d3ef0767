"""Is this a graph that can be run? Each rule is one small function.

A rule gets the facts about a graph that fits the models, and yields a finding for each place
that breaks it. To add one: write the function, put it into ``rules.RULES``, test it with a
graph that breaks only it, and describe it in docs/graphs.md.
"""

from shared.playground.validation.check import MAX_FINDINGS, validate

__all__ = ["MAX_FINDINGS", "validate"]
