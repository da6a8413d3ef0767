"""Examples of functions/evaluation_sessions/."""

from local.examples.example import Example

EXAMPLES: dict[str, Example] = {}
