"""Cost of a turn by its number in the session: python -m benchmarks.turns [--own]

Requests, write units and read units of an agent session's turn, from the create of its message
to its end, compared to LangGraph with its DynamoDB checkpointer for the same conversation; then
those of a first turn whose model writes for a while, without and with a listener, and of that
listener. Units are computed from the requests by DynamoDB's rules (see capacity.py); nothing is
timed. The price of a turn includes its message's requests to the queue. ``--own`` leaves
LangGraph out.
"""

import json
import subprocess
import sys
from itertools import zip_longest
from typing import Any

import botocore.session
import pytest

from benchmarks.capacity import Meter
from benchmarks.conversation import SHOWN, answer, question
from benchmarks.quiet import silent
from local.environments import ensure, interpreter
from local.settings import ROOT
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage
from shared.sessions.documents import session_key
from shared.sessions.live_text import LiveTextReader
from shared.storage.client import dynamodb
from shared.storage.table import Table
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import TABLE, moto_table
from tests.support.turns import Clock, Model, Turns

INDEXES = (("list_pk", "list_sk"), ("parent_pk", "parent_sk"), ("link_pk", "link_sk"))
KEY_INDEXES = (("work_pk", "work_sk"),)
#: On-demand prices of a million units in eu-west-1, in dollars (AWS's price list).
WRITE_PRICE, READ_PRICE = 0.705, 0.141
#: Requests to the queue for one message: sent, received, hidden while its run works, deleted.
#: Lambda also polls an empty queue; a busy one may send and receive ten at once.
QUEUE_REQUESTS, QUEUE_PRICE = 4, 0.40

#: Seconds that a model writes, at this many characters a second.
WRITING = (0.5, 2, 5, 10, 30, 100)
SPEED = 200
#: Seconds between two words of a model, and between two looks of a listener.
WORD, LOOK = 0.25, 1

type Cost = dict[str, Any]


def agent_session_costs() -> list[Cost]:
    """Run the turns of an agent session and return the costs of the shown ones."""
    shown: list[Cost] = []
    turn = 0

    def reply(_: ModelRequest) -> ModelAnswer:
        usage = TokenUsage(input_tokens=100 * turn, output_tokens=100)
        return ModelAnswer(text=answer(turn), usage=usage)

    with silent(), pytest.MonkeyPatch.context() as patch, moto_table(patch):
        api = Gateway()
        session = new_session(api)["id"]
        turns = Turns(Model(reply))
        meter = _meter()
        meter.attach(dynamodb())
        for turn in range(1, SHOWN[-1] + 1):
            meter.reset()
            say(api, session, question(turn))
            turns.run()
            if turn in SHOWN:
                shown.append({"turn": turn, **_cost(meter)})
    return shown


def live_costs(seconds: float, *, listens: bool) -> tuple[Cost, Cost]:
    """Return the costs of a turn whose model writes for seconds, and of the one who listens."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch, moto_table(patch):
        api = Gateway()
        session = new_session(api)["id"]
        key = session_key(api.organization_id, SessionId.parse(session))
        own, listener = (_meter() for _ in range(2))
        reader = LiveTextReader(Table(_metered(listener), TABLE, shards=3), key, clock.monotonic)
        own.attach(dynamodb())

        def write(request: ModelRequest) -> ModelAnswer:
            words = int(seconds / WORD)
            text = "word " * int(seconds * SPEED / 5)
            for number in range(1, words + 1):
                if listens and number % int(LOOK / WORD) == 1:
                    reader.look(with_text=True)
                clock.forward(WORD)
                assert request.on_text is not None
                request.on_text(text[: len(text) * number // words])
            return ModelAnswer(text=text, usage=TokenUsage(input_tokens=100, output_tokens=100))

        say(api, session, question(1))
        Turns(Model(write), clock).run()
        return _cost(own), _cost(listener)


def _meter() -> Meter:
    return Meter(keys=("pk", "sk"), indexes=INDEXES, key_indexes=KEY_INDEXES)


def _metered(meter: Meter) -> Any:
    client = botocore.session.Session().create_client("dynamodb")
    meter.attach(client)
    return client


def _cost(meter: Meter) -> Cost:
    return {"requests": meter.requests.total(), "writes": meter.writes, "reads": meter.reads}


def langgraph_costs() -> list[Cost]:
    """Return the costs of the same turns with LangGraph, in its own environment.

    The last one has an ``error`` in place of its costs if the conversation ends with it.
    """
    ensure(["langgraph"])
    done = subprocess.run(
        [interpreter("langgraph"), "-m", "benchmarks.langgraph_turns"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main() -> None:
    """Print both, turn by turn; then turns with a model that writes for a while."""
    head = f"{'requests':>10}{'writes':>8}{'reads':>8}{'$/million':>11}"
    print(f"{'':6}{'agent session':^37}{'LangGraph':^37}\n{'turn':>6}{head}{head}")
    queue = QUEUE_REQUESTS * QUEUE_PRICE
    others = [] if "--own" in sys.argv else langgraph_costs()
    for own, other in zip_longest(agent_session_costs(), others):
        line = f"{own['turn']:>6}{_row(own, queue)}"
        print(f"{line}{_row(other) if other else ''}", flush=True)
    print(f"\n{'':10}{'without a listener':^37}{'with one':^37}{'the listener':^37}")
    print(f"{'seconds':>10}{head}{head}{head}")
    for seconds in WRITING:
        alone, _ = live_costs(seconds, listens=False)
        heard, listener = live_costs(seconds, listens=True)
        turns = f"{_row(alone, queue)}{_row(heard, queue)}"
        print(f"{seconds:>10}{turns}{_row(listener)}", flush=True)


def _row(cost: Cost, queue: float = 0) -> str:
    if "error" in cost:
        return f"   turn {cost['turn']}: {cost['error']}"
    dollars = cost["writes"] * WRITE_PRICE + cost["reads"] * READ_PRICE + queue
    return f"{cost['requests']:>10}{cost['writes']:>8.0f}{cost['reads']:>8.1f}{dollars:>11.1f}"


if __name__ == "__main__":
    main()
