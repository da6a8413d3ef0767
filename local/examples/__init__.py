"""One example request for each endpoint: what events/*.json are written from."""

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
