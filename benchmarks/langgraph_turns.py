"""LangGraph with one node and its DynamoDB checkpointer, measured turn by turn.

    python -m benchmarks.langgraph_turns     (in the environment "langgraph")

Prints a line of JSON for each turn shown, and the error that ends the conversation, if one does: a
checkpoint has all messages, and an item at most 400 KB. The checkpointer can store larger ones in
S3; this one is as it is without options.
"""

import json
import os
from typing import Any

import boto3
from botocore.exceptions import ClientError
from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph_checkpoint_aws import DynamoDBSaver
from moto import mock_aws

from benchmarks.capacity import Meter
from benchmarks.conversation import SHOWN, answer, question

TABLE = "checkpoints"


def create_table(client: Any) -> None:
    """Create the checkpointer's table."""
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
        ],
    )


def main() -> None:
    """Create the table and run the turns."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    with mock_aws():
        create_table(boto3.client("dynamodb", "eu-west-1"))
        saver = DynamoDBSaver(TABLE, region_name="eu-west-1")
        meter = Meter(keys=("PK", "SK"))
        meter.attach(saver.client)
        run(saver, meter)


def run(saver: Any, meter: Meter) -> None:
    turn = 0

    def agent(_: Any) -> dict[str, Any]:
        return {"messages": [AIMessage(answer(turn))]}

    graph = StateGraph(MessagesState)
    graph.add_node("agent", agent)
    graph.add_edge(START, "agent")
    graph.add_edge("agent", END)
    app = graph.compile(checkpointer=saver)
    config = {"configurable": {"thread_id": "one"}}
    for turn in range(1, SHOWN[-1] + 1):
        meter.reset()
        try:
            app.invoke({"messages": [("user", question(turn))]}, config)
        except ClientError as error:
            print(json.dumps({"turn": turn, "error": str(error)}), flush=True)
            return
        if turn in SHOWN:
            print(
                json.dumps(
                    {
                        "turn": turn,
                        "requests": meter.requests.total(),
                        "writes": meter.writes,
                        "reads": meter.reads,
                    }
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
