"""Many sessions at once, records handed over twice, functions killed: what must hold at the end."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any

import boto3
import httpx
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.processes import running_pid
from local.settings import REGION
from tests.support.running_stack import RunningStack

#: One of so many runs is killed.
KILLED_OF = 20
#: Seconds until all sessions must have come to rest.
PATIENCE = 600
_FUNCTION = "RunTurnFunction"
_ENDS = ("turn.completed", "turn.failed", "turn.cancelled")


@dataclass(slots=True)
class Storm:
    """What a storm came to."""

    sessions: int
    messages: int
    runs: int = 0
    killed: int = 0
    handed_over_again: int = 0
    seconds: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def storm(
    stack: RunningStack, client: httpx.Client, sessions: int, messages: int, seed: int
) -> Storm:
    """Post messages to sessions at once; hand each record over again; kill runs; look at the end.

    The stack's own event source runs the turns, and is met by a second one that hands over
    what was handed over already, and by a killer.
    """
    found = Storm(sessions, messages)
    chance = random.Random(seed)
    started = time.monotonic()
    opened = _open(client, sessions)
    streams = _client(stack, "dynamodbstreams")
    iterators = _iterators(stack, streams)
    over = Flag()
    with ThreadPoolExecutor(sessions + 1) as threads:
        again = threads.submit(_hand_over_again, stack, streams, iterators, found, chance, over)
        said = list(threads.map(lambda one: _say(client, one, messages), opened))
        deadline = time.monotonic() + PATIENCE
        while not _at_rest(client, opened, messages) and time.monotonic() < deadline:
            time.sleep(1)
        over.set()
        again.result()
    # The last records were handed over again to sessions at rest.
    found.seconds = round(time.monotonic() - started, 1)
    for session, asked in zip(opened, said, strict=True):
        _check(client, session, asked, found)
    return found


def _open(client: httpx.Client, number: int) -> list[str]:
    agent = client.post("/v1/agents", json={"name": "Storm", "system_prompt": "You help."})
    body = {"agent_id": agent.raise_for_status().json()["id"]}
    return [
        str(client.post("/v1/sessions", json=body).raise_for_status().json()["id"])
        for _ in range(number)
    ]


def _say(client: httpx.Client, session: str, messages: int) -> list[str]:
    said = []
    for number in range(messages):
        body = {"message": {"content": [{"type": "text", "text": f"Message {number}"}]}}
        headers = {"Idempotency-Key": str(number)}
        answer = _patiently(
            lambda body=body, headers=headers: client.post(  # type: ignore[misc]  # its own arguments
                f"/v1/sessions/{session}/messages", json=body, headers=headers
            )
        )
        said.append(str(answer.json()["id"]))
    return said


def _patiently(send: Callable[[], httpx.Response]) -> httpx.Response:
    """Send again what was refused for the moment, as clients do."""
    for _ in range(20):
        answer = send()
        if answer.status_code < 429:
            return answer.raise_for_status()
        time.sleep(0.2)
    return answer.raise_for_status()


def _at_rest(client: httpx.Client, sessions: list[str], messages: int) -> bool:
    for session in sessions:
        url = f"/v1/sessions/{session}/events"
        listed = client.get(url, params={"types": list(_ENDS)}).json()["data"]
        if len(listed) < messages:
            return False
    return True


def _check(client: httpx.Client, session: str, asked: list[str], found: Storm) -> None:
    """Hold a session to the promise: every message answered once, in order, without a gap."""
    events = client.get(f"/v1/sessions/{session}/events").json()["data"]
    state = client.get(f"/v1/sessions/{session}").json()

    def of(*types: str) -> list[str]:
        return [e["context"]["input_message_id"] for e in events if e["type"] in types]

    held = {
        "sequences have no gap": [e["sequence"] for e in events] == list(range(1, len(events) + 1)),
        "messages are in order": of("input.message") == asked,
        "each has one turn, in order": of("turn.started") == asked,
        "each turn ends once": of(*_ENDS) == asked,
        "each is answered once": of("output.message.completed") == asked,
        "the session is idle": state["status"] == "idle",
    }
    found.ends.update(e["type"] for e in events if e["type"] in _ENDS)
    found.faults += [f"{session}: not so: {name}" for name, so in held.items() if not so]


def _hand_over_again(
    stack: RunningStack,
    streams: Any,
    iterators: list[str],
    found: Storm,
    chance: random.Random,
    over: Flag,
) -> None:
    """Read the table's stream and hand its records to the function, kill some of its runs."""
    functions = _client(stack, "lambda")
    name = next(
        one["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for one in page["Functions"]
        if _FUNCTION in one["FunctionName"]
    )
    with ThreadPoolExecutor(3) as lanes:
        records: list[dict[str, Any]] = []
        while records or not over.is_set():
            records = []
            for place, iterator in enumerate(iterators):
                page = streams.get_records(ShardIterator=iterator, Limit=100)
                iterators[place] = page["NextShardIterator"]
                records += [_entry(one) for one in page["Records"] if _starts_turn(one)]
            batches = [records[first : first + 5] for first in range(0, len(records), 5)]
            for batch in batches:
                lanes.submit(_run, functions, name, batch, found)
                if chance.randrange(KILLED_OF // 4) == 0:
                    time.sleep(chance.uniform(0, 0.1))
                    found.killed += _kill_one(stack, chance)
            time.sleep(0.05)


def _run(functions: Any, name: str, batch: list[dict[str, Any]], found: Storm) -> None:
    """Hand a batch over until it is taken, as an event source does."""
    payload = json.dumps({"Records": batch})
    found.handed_over_again += len(batch)
    for _ in range(20):
        found.runs += 1
        try:
            answer = functions.invoke(FunctionName=name, Payload=payload)
        except (ClientError, BotoCoreError):
            continue
        if "FunctionError" not in answer and json.load(answer["Payload"]) == {
            "batchItemFailures": []
        }:
            return
    found.faults.append(f"a batch of {len(batch)} records was never taken")


def _kill_one(stack: RunningStack, chance: random.Random) -> int:
    victims = _workers(stack)
    if not victims:
        return 0
    os.kill(chance.choice(victims), signal.SIGKILL)
    return 1


def _workers(stack: RunningStack) -> list[int]:
    """Return the processes of the function, of this very stack."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(running_pid(stack.local))],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, command in lines if _FUNCTION in command]


def _client(stack: RunningStack, service: Any) -> Any:
    return boto3.client(
        service,
        endpoint_url=stack.aws_endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(read_timeout=300, retries={"total_max_attempts": 1}),
    )


def _iterators(stack: RunningStack, streams: Any) -> list[str]:
    [stream] = streams.list_streams(TableName=stack.table_name)["Streams"]
    described = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
    return [
        streams.get_shard_iterator(
            StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]
        for shard in described["Shards"]
    ]


def _starts_turn(record: dict[str, Any]) -> bool:
    image = record["dynamodb"].get("NewImage", {})
    return record["eventName"] == "INSERT" and "mark_starts_turn" in image


def _entry(record: dict[str, Any]) -> dict[str, Any]:
    at = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    return record | {"dynamodb": record["dynamodb"] | {"ApproximateCreationDateTime": at}}
