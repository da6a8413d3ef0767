"""Bedrock with prepared responses, validated by botocore's stub."""

from typing import Any

import boto3
from botocore.stub import Stubber

from shared.llm.bedrock import BedrockModel
from shared.llm.port import ChatMessage, ModelRequest

NAME = "anthropic.claude-sonnet-4-5-20250929-v1:0"
HI = ChatMessage("user", ({"type": "text", "text": "hi"},))
HI_MESSAGE = {"role": "user", "content": [{"text": "hi"}]}


def request(*messages: ChatMessage, **fields: Any) -> ModelRequest:
    fields = {"system_prompt": "", **fields}
    return ModelRequest(model=NAME, messages=messages or (HI,), **fields)


def response(*content: dict[str, Any], **usage: int) -> dict[str, Any]:
    uses_tool = any("toolUse" in block for block in content)
    return {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": "tool_use" if uses_tool else "end_turn",
        "usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15, **usage},
        "metrics": {"latencyMs": 321},
    }


class Stubbed:
    """Bedrock with prepared responses, and a clock that sleeping advances."""

    def __init__(self) -> None:
        client = boto3.client(
            "bedrock-runtime", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stub = Stubber(client)
        self.stub.activate()
        self.pauses: list[float] = []
        self.model = BedrockModel(client, self._sleep, lambda: sum(self.pauses))

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def expect(self, response: dict[str, Any], **arguments: Any) -> None:
        expected = {"modelId": NAME, "messages": [HI_MESSAGE], **arguments}
        self.stub.add_response("converse", response, expected)

    def fail(self, code: str, status: int = 400) -> None:
        self.stub.add_client_error("converse", code, "as AWS words it", status)
