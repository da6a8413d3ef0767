"""Agents on published frameworks whose only tools are those of an MCP server.

    python world_agents.py pydantic-ai|langgraph|openai-agents

WORLD_URL and WORLD_KEY are the server's address and key, OPENAI_BASE_URL that of the model. Prints
the answers that the program got, and the names of the tools that the framework found.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

INSTRUCTIONS = "You look after orders."
QUESTIONS = ("Where are A-17 and A-19?", "And now?")

type Answers = tuple[list[str], list[str]]


async def run_pydantic_ai(url: str, headers: dict[str, str]) -> Answers:
    from pydantic_ai import Agent
    from pydantic_ai.mcp import MCPToolset
    from pydantic_ai.models.openai import OpenAIChatModel

    world = MCPToolset(url, headers=headers)
    agent = Agent(OpenAIChatModel("scripted"), instructions=INSTRUCTIONS, toolsets=[world])
    answers: list[str] = []
    history: list[Any] = []
    async with agent:
        names = [tool.name for tool in await world.list_tools()]
        for question in QUESTIONS:
            result = await agent.run(question, message_history=history)
            answers.append(result.output)
            history = result.all_messages()
    return answers, names


async def run_langgraph(url: str, headers: dict[str, str]) -> Answers:
    from langchain.agents import create_agent
    from langchain_mcp_adapters.client import MultiServerMCPClient
    from langchain_openai import ChatOpenAI

    world = {"transport": "streamable_http", "url": url, "headers": headers}
    tools = await MultiServerMCPClient({"world": world}).get_tools()
    agent = create_agent(ChatOpenAI(model="scripted"), tools, system_prompt=INSTRUCTIONS)
    answers: list[str] = []
    messages: list[Any] = []
    for question in QUESTIONS:
        messages += [{"role": "user", "content": question}]
        messages = (await agent.ainvoke({"messages": messages}))["messages"]
        answers.append(messages[-1].content)
    return answers, [tool.name for tool in tools]


async def run_openai_agents(url: str, headers: dict[str, str]) -> Answers:
    from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled
    from agents.mcp import MCPServerStreamableHttp
    from openai import AsyncOpenAI

    set_tracing_disabled(True)
    answers: list[str] = []
    items: list[Any] = []
    # The framework waits five seconds by default: shorter than a recorded delay may be.
    server: Any = {"url": url, "headers": headers, "timeout": 30}
    async with MCPServerStreamableHttp(server, client_session_timeout_seconds=30) as world:
        model = OpenAIChatCompletionsModel("scripted", AsyncOpenAI())
        agent = Agent("Order desk", instructions=INSTRUCTIONS, model=model, mcp_servers=[world])
        for question in QUESTIONS:
            result = await Runner.run(agent, [*items, {"role": "user", "content": question}])
            answers.append(result.final_output)
            items = result.to_input_list()
        names = [tool.name for tool in await world.list_tools()]
    return answers, names


FRAMEWORKS: dict[str, Callable[[str, dict[str, str]], Coroutine[Any, Any, Answers]]] = {
    "pydantic-ai": run_pydantic_ai,
    "langgraph": run_langgraph,
    "openai-agents": run_openai_agents,
}


def main() -> None:
    [framework] = sys.argv[1:]
    url, headers = os.environ["WORLD_URL"], {"x-api-key": os.environ["WORLD_KEY"]}
    answers, names = asyncio.run(FRAMEWORKS[framework](url, headers))
    sys.stdout.write(json.dumps({"answers": answers, "tools": sorted(names)}) + "\n")


if __name__ == "__main__":
    main()
