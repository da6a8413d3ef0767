"""Example requests, one for each endpoint: the source of events/*.json."""

from local.examples import agents, evaluations, identity, playground, scenarios, service
from local.examples.example import Example

#: By module below functions/.
EXAMPLES: dict[str, Example] = {
    **agents.EXAMPLES,
    **evaluations.EXAMPLES,
    **identity.EXAMPLES,
    **playground.EXAMPLES,
    **scenarios.EXAMPLES,
    **service.EXAMPLES,
}
