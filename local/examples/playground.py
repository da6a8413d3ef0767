"""Examples of functions/playground/, functions/workflows/ and functions/scenarios/."""

from local.examples.example import Example

EXAMPLES: dict[str, Example] = {}
