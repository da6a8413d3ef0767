"""LangGraph's DynamoDB checkpointer by the messages of its thread.

    python -m benchmarks.peers.langgraph_checkpoints 10 100     (in the environment "langgraph")

Prints a line of JSON for each call and size. A thread is filled by one update of its state, then
measured: a turn of the graph, and a read of the state. CPU leaves out the answers of the table. A
state is one item: a size that exceeds it has a line with the error.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import boto3
from botocore.exceptions import ClientError
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph_checkpoint_aws import DynamoDBSaver
from moto import mock_aws
from moto.core.models import botocore_stubber

from benchmarks.capacity import Meter
from benchmarks.conversation import answer, question
from benchmarks.langgraph_turns import TABLE, create_table

REPEATS = 5


class Elsewhere:
    """CPU seconds of the table's answers."""

    seconds = 0.0

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            started = time.process_time()
            try:
                return call(*arguments, **options)
            finally:
                self.seconds += time.process_time() - started

        return timed


def measure(app: Any, meter: Meter, size: int, elsewhere: Elsewhere) -> None:
    """Fill a thread with messages, and measure a turn and a read of its state."""
    config = {"configurable": {"thread_id": f"of {size}"}}
    messages: list[Any] = []
    for turn in range(size // 2):
        messages += [HumanMessage(question(turn)), AIMessage(answer(turn))]
    try:
        app.update_state(config, {"messages": messages})
    except ClientError as error:
        failed = {"failed": error.response["Error"]["Message"]}
        for kind in ("get", "append"):
            print(json.dumps({"kind": kind, "size": size} | failed), flush=True)
        return
    calls: dict[str, Callable[[], Any]] = {
        "get": lambda: app.get_state(config),
        "append": lambda: app.invoke({"messages": [("user", question(1))]}, config),
    }
    for kind, call in calls.items():
        meter.reset()
        call()
        cost = {"requests": meter.requests.total(), "reads": meter.reads, "writes": meter.writes}
        meter.is_on = False
        spent = []
        for _ in range(REPEATS):
            before, started = elsewhere.seconds, time.process_time()
            call()
            spent.append(time.process_time() - started - (elsewhere.seconds - before))
        meter.is_on = True
        line = {"kind": kind, "size": size, "seconds": min(spent), **cost}
        print(json.dumps(line), flush=True)


def main() -> None:
    """Measure each size in a thread of its own."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    elsewhere = Elsewhere()
    stubber = type(botocore_stubber)
    with mock_aws(), patch.object(stubber, "__call__", elsewhere.wrap(stubber.__call__)):
        create_table(boto3.client("dynamodb", "eu-west-1"))
        saver = DynamoDBSaver(TABLE, region_name="eu-west-1")
        meter = Meter(keys=("PK", "SK"))
        meter.attach(saver.client)
        graph = StateGraph(MessagesState)
        graph.add_node("agent", lambda _: {"messages": [AIMessage(answer(1))]})
        graph.add_edge(START, "agent")
        graph.add_edge("agent", END)
        app = graph.compile(checkpointer=saver)
        for size in map(int, sys.argv[1:]):
            measure(app, meter, size, elsewhere)


if __name__ == "__main__":
    main()
