"""Footprint of an agent session: bytes stored, answered and logged, and units of its reads."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest

from benchmarks.capacity import Meter, size
from benchmarks.conversation import question
from benchmarks.large_table import items_of
from benchmarks.traffic import deliver, reply, table_meter
from shared.core.ids import SessionId
from shared.core.observability import logger
from shared.sessions.documents import session_key
from shared.storage.client import dynamodb
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import moto_table
from tests.support.template import template
from tests.support.turns import Model, Turns

#: Bytes that DynamoDB adds to each item that it stores, of the table and of an index.
ITEM_OVERHEAD = 100


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes and read units of one session.

    Attributes
    ----------
    stored, indexed
        Bytes in the table and in its indexes.
    answered
        Bytes of the answers: to the create, the messages, and a read of each turn's events.
    reads
        Units of these reads.
    logged
        Bytes of the functions' own lines, at the template's level.
    """

    stored: int
    indexed: int
    answered: int
    reads: float
    logged: int


@contextmanager
def _lines() -> Iterator[StringIO]:
    """Collect the lines that the functions log at the template's level."""
    lines, level = StringIO(), logger.log_level
    handler: Any = logger.registered_handler
    stream = handler.setStream(lines)
    logger.setLevel(template()["Parameters"]["LogLevel"]["Default"])
    yield lines
    logger.setLevel(level)
    handler.setStream(stream)


def footprint(turns: int) -> Footprint:
    """Run a session of so many turns, whose client reads the events of each."""
    with pytest.MonkeyPatch.context() as patch, moto_table(patch), _lines() as lines:
        api = Gateway()
        agent = new_agent(api)["id"]
        run, meter = Turns(Model(reply)), table_meter()
        created = new_session(api, agent_id=agent)
        answered, seen = len(json.dumps(created)), 0
        meter.attach(dynamodb())
        reads = 0.0
        for number in range(1, turns + 1):
            answered += len(json.dumps(say(api, created["id"], question(number))))
            deliver(run)
            meter.reset()
            url = f"/v1/sessions/{created['id']}/events?limit=100&after_sequence={seen}"
            answer = api("GET", url)
            reads += meter.reads
            answered += len(answer.text.encode())
            seen = answer.json["data"][-1]["sequence"]
        partition = session_key(api.organization_id, SessionId.parse(created["id"])).partition
        stored, indexed = _stored(partition, meter)
        return Footprint(stored, indexed, answered, reads, len(lines.getvalue().encode()))


def _stored(partition: str, meter: Meter) -> tuple[int, int]:
    """Return the bytes of a partition's items in the table and in its indexes."""
    stored = indexed = 0
    for item in items_of(partition).values():
        whole = size(item) + ITEM_OVERHEAD
        stored += whole
        indexed += whole * sum(names[0] in item for names in meter.indexes)
        for names in meter.key_indexes:
            if names[0] in item:
                keys = {name: item[name] for name in (*meter.keys, *names)}
                indexed += size(keys) + ITEM_OVERHEAD
    return stored, indexed
