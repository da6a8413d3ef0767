"""Agents on published frameworks with a tool, whose spans the published OTLP exporters send.

    python traced_agents.py pydantic-ai|langchain|openai|openinference

Each exporter sends the same spans with a key of its own: EXPORTERS has keys by encoding. The
address is OpenTelemetry's own variable, the model's address that of OpenAI's client. Prints the
answers that the program got.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

INSTRUCTIONS = "You look after orders."
QUESTIONS = ("Where are A-17 and A-19?", "Thank you!")


def get_order(order_id: str) -> dict[str, Any]:
    """Look up an order."""
    if order_id == "A-17":
        return {"status": "late", "days": 2}
    return {"error": "no such order"}


def run_pydantic_ai(provider: TracerProvider) -> list[str]:
    from pydantic_ai import Agent
    from pydantic_ai.capabilities import Instrumentation
    from pydantic_ai.models.instrumented import InstrumentationSettings
    from pydantic_ai.models.openai import OpenAIChatModel

    agent = Agent(
        OpenAIChatModel("scripted"),
        name="Order desk",
        instructions=INSTRUCTIONS,
        tools=[get_order],
        capabilities=[Instrumentation(InstrumentationSettings(tracer_provider=provider))],
    )
    answers: list[str] = []
    history: list[Any] = []
    for question in QUESTIONS:
        result = agent.run_sync(question, message_history=history)
        answers.append(result.output)
        history = result.all_messages()
    return answers


def run_langchain(provider: TracerProvider) -> list[str]:
    from langchain.agents import create_agent
    from langchain_openai import ChatOpenAI
    from openinference.instrumentation import using_session
    from openinference.instrumentation.langchain import LangChainInstrumentor

    LangChainInstrumentor().instrument(tracer_provider=provider)
    agent = create_agent(
        ChatOpenAI(model="scripted"), [get_order], system_prompt=INSTRUCTIONS, name="Order_desk"
    )
    answers: list[str] = []
    messages: list[Any] = []
    with using_session(conversation_id()):
        for question in QUESTIONS:
            messages += [{"role": "user", "content": question}]
            messages = agent.invoke({"messages": messages})["messages"]
            answers.append(messages[-1].content)
    return answers


def run_openai(provider: TracerProvider) -> list[str]:
    from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

    OpenAIInstrumentor().instrument(tracer_provider=provider)
    with trace.get_tracer("order-desk", tracer_provider=provider).start_as_current_span("chat"):
        return chat_with_openai()


def run_openinference(provider: TracerProvider) -> list[str]:
    from openinference.instrumentation import using_session
    from openinference.instrumentation.openai import OpenAIInstrumentor

    OpenAIInstrumentor().instrument(tracer_provider=provider)
    with using_session(conversation_id()):
        return chat_with_openai()


def chat_with_openai() -> list[str]:
    """Hold the conversation as a program does that calls its functions itself."""
    from openai import OpenAI

    client = OpenAI()
    parameters = {"type": "object", "properties": {"order_id": {"type": "string"}}}
    tool = {"type": "function", "function": {"name": "get_order", "parameters": parameters}}
    messages: list[Any] = [{"role": "system", "content": INSTRUCTIONS}]
    answers = []
    for question in QUESTIONS:
        messages.append({"role": "user", "content": question})
        while True:
            options: dict[str, Any] = {"model": "scripted", "tools": [tool]}
            completion = client.chat.completions.create(messages=messages, **options)
            answer = completion.choices[0].message
            messages.append(answer.model_dump(exclude_none=True))
            if not answer.tool_calls:
                break
            for call in answer.tool_calls:
                result = json.dumps(get_order(**json.loads(call.function.arguments)))
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
        answers.append(answer.content)
    return answers


def conversation_id() -> str:
    return os.environ["CONVERSATION_ID"]


def exporter(encoding: str, key: str) -> Any:
    """Return an exporter: ``protobuf`` or ``json``, each also with ``+gzip``."""
    form, _, compressed = encoding.partition("+")
    headers = {"x-api-key": key}
    if form == "json":
        from opentelemetry.exporter.otlp.common import http
        from opentelemetry.exporter.otlp.json.http import trace_exporter as json_exporter

        gzip = http.Compression.GZIP if compressed else http.Compression.NONE
        return json_exporter.OTLPSpanExporter(headers=headers, compression=gzip)
    from opentelemetry.exporter.otlp.proto.http import Compression, trace_exporter

    way = Compression.Gzip if compressed else Compression.NoCompression
    return trace_exporter.OTLPSpanExporter(headers=headers, compression=way)


FRAMEWORKS: dict[str, Callable[[TracerProvider], list[str]]] = {
    "pydantic-ai": run_pydantic_ai,
    "langchain": run_langchain,
    "openai": run_openai,
    "openinference": run_openinference,
}


def main() -> None:
    [framework] = sys.argv[1:]
    provider = TracerProvider()
    for encoding, key in json.loads(os.environ["EXPORTERS"]).items():
        provider.add_span_processor(BatchSpanProcessor(exporter(encoding, key)))
    answers = FRAMEWORKS[framework](provider)
    flushed = provider.force_flush()
    provider.shutdown()
    sys.stdout.write(json.dumps({"answers": answers, "flushed": flushed}) + "\n")


if __name__ == "__main__":
    main()
