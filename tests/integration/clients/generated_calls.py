"""Calls of the generated client, one of each area, with parsed answers.

    python generated_calls.py

URL and key come from API_URL and API_KEY; PYTHONPATH has the generated package. Prints the
results as one line of JSON; fails if an assertion does.
"""

import json
import os

from agent_sessions_client import AuthenticatedClient
from agent_sessions_client.api.agent_sessions import create_session as create_agent_session
from agent_sessions_client.api.agents import create_agent, get_agent
from agent_sessions_client.api.identity import who_am_i
from agent_sessions_client.api.products import create_product, get_products
from agent_sessions_client.api.scenarios import create_scenario
from agent_sessions_client.api.workflow_playground import (
    create_session_v1_workflow_playground_sessions_post as open_session,
)
from agent_sessions_client.models import (
    Agent,
    AgentsErrorResponse,
    AgentsSession,
    CreateAgentRequest,
    CreatePlaygroundSessionRequest,
    CreateSessionRequest,
    CriterionOutput,
    ErrorResponse,
    PlaygroundSessionResponse,
    Product,
    ProductInput,
    ScenarioCreate,
    ScenarioResponse,
    SuccessCriterion,
    WhoAmIResponse,
)


def _calls(client: AuthenticatedClient) -> dict[str, str]:
    with client:
        caller = who_am_i.sync(client=client)
        assert isinstance(caller, WhoAmIResponse), caller
        assert isinstance(caller.organization_id, str)

        agent = create_agent.sync(
            client=client, body=CreateAgentRequest(name="Ada", system_prompt="You help.")
        )
        assert isinstance(agent, Agent), agent
        conversation = create_agent_session.sync(
            client=client, body=CreateSessionRequest(agent_id=agent.id)
        )
        assert isinstance(conversation, AgentsSession), conversation
        assert conversation.agent_id == agent.id

        session = open_session.sync(
            client=client, body=CreatePlaygroundSessionRequest(catalog_slug="order-status")
        )
        assert isinstance(session, PlaygroundSessionResponse), session
        assert session.catalog_slug == "order-status"

        criterion = SuccessCriterion(description="Polite", output_type=CriterionOutput.BOOLEAN)
        body = ScenarioCreate(name="Late", intent="Where is it?", success_criteria=[criterion])
        scenario = create_scenario.sync(client=client, body=body)
        assert isinstance(scenario, ScenarioResponse), scenario
        assert scenario.success_criteria[0].output_type is CriterionOutput.BOOLEAN

        product = create_product.sync(client=client, body=ProductInput(name="Shop"))
        assert isinstance(product, Product), product
        found = get_products.sync(client=client, ids=[product.id])
        assert isinstance(found, list), found
        assert [one.id for one in found] == [product.id]

        unknown = get_agent.sync("agent_" + "0" * 32, client=client)
        assert isinstance(unknown, AgentsErrorResponse), unknown
    return {
        "agents": agent.id,
        "playground": str(session.session_id),
        "scenarios": str(scenario.id),
        "evaluations": product.id,
        "identity": caller.organization_id,
    }


def _refusal(client: AuthenticatedClient) -> str:
    with client:
        refused = who_am_i.sync_detailed(client=client)
    assert isinstance(refused.parsed, ErrorResponse), refused
    return f"{int(refused.status_code)} {refused.parsed.error}"


if __name__ == "__main__":
    url, key = os.environ["API_URL"], os.environ["API_KEY"]
    results = _calls(AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True))
    refused_key = AuthenticatedClient(base_url=url, token="gsk_" + "x" * 40)
    print(json.dumps(results | {"refusal": _refusal(refused_key)}))  # noqa: T201  # the test reads it
