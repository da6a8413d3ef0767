"""Storm: concurrent sessions, records delivered twice, and killed runs of the turn functions."""

import json
import time
from base64 import b64encode
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from typing import Any

import boto3
import httpx
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.settings import REGION
from tests.support.run_killer.sitecustomize import KILLS, RUNS, SEED, chosen
from tests.support.running_stack import RunningStack, storm_folder

#: Seconds after which all sessions must be idle.
PATIENCE = 600
_FUNCTION = "DispatchTurnsFunction"
_ENDS = ("turn.completed", "turn.failed", "turn.cancelled")


@dataclass(slots=True, kw_only=True)
class Killed:
    """Functions of a storm, and what was violated.

    Attributes
    ----------
    runs
        Runs of the watched functions (see ``run_killer``), for all event sources.
    kills
        The killed runs: number, from 1, storage request, and moment.
    """

    runs: int = 0
    kills: list[dict[str, Any]] = field(default_factory=list)
    redelivered: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Storm(Killed):
    """Result of a storm over agent sessions."""

    sessions: int
    messages: int
    ends: Counter[str] = field(default_factory=Counter)


def storm(
    stack: RunningStack, client: httpx.Client, sessions: int, messages: int, seed: int
) -> Storm:
    """Send messages to concurrent sessions, deliver each record twice, kill runs, check the end.

    The stack's event source dispatches the turns; a second source delivers the same records
    again. One of each twenty runs of the functions that dispatch and run turns is killed at a
    storage request (see ``run_killer``).
    """
    found = Storm(sessions, messages)
    started = time.monotonic()
    opened = _open(client, sessions)
    folder = start_kills(stack, seed)
    streams = aws_client(stack, "dynamodbstreams")
    iterators = _iterators(stack, streams)
    done = Flag()
    with ThreadPoolExecutor(sessions + 1) as threads:
        redelivery = threads.submit(_redeliver, stack, streams, iterators, found, done)
        try:
            sent = list(threads.map(lambda one: _send_messages(client, one, messages), opened))
            deadline = time.monotonic() + PATIENCE
            while not _all_idle(client, opened, messages) and time.monotonic() < deadline:
                time.sleep(1)
        finally:
            done.set()
        redelivery.result()
    # The last records were delivered again to idle sessions.
    found.seconds = round(time.monotonic() - started, 1)
    end_kills(folder, seed, found)
    if found.redelivered < sessions * messages:
        found.faults.append(f"only {found.redelivered} records were delivered again")
    for session, ids in zip(opened, sent, strict=True):
        _check(client, session, ids, found)
    return found


def start_kills(stack: RunningStack, seed: int) -> Path:
    """Begin to kill one of each twenty runs; return the folder of the counts."""
    folder = storm_folder(stack.local)
    folder.mkdir(exist_ok=True)
    for count in (RUNS, KILLS):
        (folder / count).write_bytes(b"")
    (folder / SEED).write_text(str(seed))
    return folder


def end_kills(folder: Path, seed: int, found: "Killed") -> None:
    """End the kills, and check that one of each twenty runs was killed."""
    (folder / SEED).unlink()
    found.runs = (folder / RUNS).stat().st_size
    found.kills = [json.loads(line) for line in (folder / KILLS).read_text().splitlines()]
    killed = sorted(kill["run"] for kill in found.kills)
    if killed != [run for run in range(1, found.runs + 1) if chosen(str(seed), run)]:
        found.faults.append(f"of {found.runs} runs, other ones than chosen were killed: {killed}")


def _open(client: httpx.Client, number: int) -> list[str]:
    agent = client.post("/v1/agents", json={"name": "Storm", "system_prompt": "You help."})
    body = {"agent_id": agent.raise_for_status().json()["id"]}
    return [
        str(client.post("/v1/sessions", json=body).raise_for_status().json()["id"])
        for _ in range(number)
    ]


def _send_messages(client: httpx.Client, session: str, messages: int) -> list[str]:
    ids = []
    for number in range(messages):
        answer = retry(
            client,
            "POST",
            f"/v1/sessions/{session}/messages",
            json={"message": {"content": [{"type": "text", "text": f"Message {number}"}]}},
            headers={"Idempotency-Key": str(number)},
        )
        ids.append(str(answer.json()["id"]))
    return ids


def retry(client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
    """Retry a request that was throttled or got no response, as clients do."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = client.request(method, url, **options)
            if answer.status_code < 429 or time.monotonic() > deadline:
                return answer.raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
        time.sleep(1)


def _all_idle(client: httpx.Client, sessions: list[str], messages: int) -> bool:
    for session in sessions:
        url = f"/v1/sessions/{session}/events"
        found = retry(client, "GET", url, params={"types": list(_ENDS)})
        if len(found.json()["data"]) < messages:
            return False
    return True


def _check(client: httpx.Client, session: str, message_ids: list[str], found: Storm) -> None:
    """Check that every message of a session is answered once, in order, without a gap."""
    url = f"/v1/sessions/{session}"
    events = retry(client, "GET", f"{url}/events").json()["data"]
    state = retry(client, "GET", url).json()

    def of(*types: str) -> list[str]:
        return [e["context"]["input_message_id"] for e in events if e["type"] in types]

    checks = {
        "sequences have no gap": [e["sequence"] for e in events] == list(range(1, len(events) + 1)),
        "messages are in order": of("input.message") == message_ids,
        "each has one turn, in order": of("turn.started") == message_ids,
        "each turn ends once": of(*_ENDS) == message_ids,
        "each is answered once": of("output.message.completed") == message_ids,
        "the session is idle": state["status"] == "idle",
    }
    found.ends.update(e["type"] for e in events if e["type"] in _ENDS)
    found.faults += [f"{session}: violated: {name}" for name, holds in checks.items() if not holds]


def _redeliver(
    stack: RunningStack,
    streams: Any,
    iterators: list[str],
    found: Storm,
    done: Flag,
) -> None:
    """Read the table's stream and dispatch its records again."""
    functions = aws_client(stack, "lambda")
    name = next(
        one["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for one in page["Functions"]
        if _FUNCTION in one["FunctionName"]
    )
    with ThreadPoolExecutor(3) as lanes:
        records: list[dict[str, Any]] = []
        deliveries = []
        while records or not done.is_set():
            records = []
            for place, iterator in enumerate(iterators):
                page = streams.get_records(ShardIterator=iterator, Limit=100)
                iterators[place] = page["NextShardIterator"]
                records += [_entry(one) for one in page["Records"] if _starts_turn(one)]
            batches = [records[first : first + 5] for first in range(0, len(records), 5)]
            deliveries += [lanes.submit(_run, functions, name, one, found) for one in batches]
            time.sleep(0.05)
    for delivery in deliveries:
        delivery.result()  # raises what it raised


def _run(functions: Any, name: str, batch: list[dict[str, Any]], found: Storm) -> None:
    """Deliver a batch until the function succeeds, as an event source does."""
    payload = json.dumps({"Records": batch}, default=_base64)
    found.redelivered += len(batch)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            answer = functions.invoke(FunctionName=name, Payload=payload)
        except (ClientError, BotoCoreError):
            continue
        if "FunctionError" not in answer and json.load(answer["Payload"]) == {
            "batchItemFailures": []
        }:
            return
    found.faults.append(f"a batch of {len(batch)} records never succeeded")


def aws_client(stack: RunningStack, service: Any) -> Any:
    """Return a client of a service of the stack, which tries once."""
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


def _base64(value: bytes) -> str:
    """Return a binary attribute as Lambda's events have it."""
    return b64encode(value).decode()


def _entry(record: dict[str, Any]) -> dict[str, Any]:
    at = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    return record | {"dynamodb": record["dynamodb"] | {"ApproximateCreationDateTime": at}}
