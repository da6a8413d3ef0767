"""Cost of a turn by its number in the session: python -m benchmarks.turns

Requests, write units and read units of an agent session's turn, from the create of its message
to its end, compared to LangGraph with its DynamoDB checkpointer for the same conversation. Units
are computed from the requests by DynamoDB's rules (see capacity.py); nothing is timed.
"""

import json
import subprocess
from typing import Any

import pytest

from benchmarks.capacity import Meter
from benchmarks.conversation import SHOWN, answer, question
from local.environments import ensure, interpreter
from local.settings import ROOT
from shared.core.observability import logger
from shared.llm.port import ModelAnswer, ModelRequest, TokenUsage
from shared.storage.client import dynamodb
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import moto_table
from tests.support.turns import Model, Turns

INDEXES = (("list_pk", "list_sk"), ("parent_pk", "parent_sk"), ("link_pk", "link_sk"))
#: On-demand prices of a million units in eu-west-1, in dollars (AWS's price list).
WRITE_PRICE, READ_PRICE = 0.705, 0.141

type Cost = dict[str, Any]


def agent_session_costs() -> list[Cost]:
    """Run a hundred turns of an agent session and return the costs of the shown ones."""
    logger.setLevel("WARNING")
    shown: list[Cost] = []
    turn = 0

    def reply(_: ModelRequest) -> ModelAnswer:
        usage = TokenUsage(input_tokens=100 * turn, output_tokens=100)
        return ModelAnswer(text=answer(turn), usage=usage)

    with pytest.MonkeyPatch.context() as patch, moto_table(patch):
        api = Gateway()
        session = new_session(api)["id"]
        turns = Turns(Model(reply))
        meter = Meter(keys=("pk", "sk"), indexes=INDEXES)
        meter.attach(dynamodb())
        for turn in range(1, SHOWN[-1] + 1):
            meter.reset()
            say(api, session, question(turn))
            turns.run()
            if turn in SHOWN:
                total = meter.requests.total()
                shown.append(
                    {"turn": turn, "requests": total, "writes": meter.writes, "reads": meter.reads}
                )
    return shown


def langgraph_costs() -> list[Cost]:
    """Return the costs of the same turns with LangGraph, in its own environment."""
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
    """Print both, turn by turn."""
    head = f"{'requests':>10}{'writes':>8}{'reads':>8}{'$/million':>11}"
    print(f"{'':6}{'agent session':^37}{'LangGraph':^37}\n{'turn':>6}{head}{head}")
    for own, other in zip(agent_session_costs(), langgraph_costs(), strict=True):
        print(f"{own['turn']:>6}{_row(own)}{_row(other)}", flush=True)


def _row(cost: Cost) -> str:
    dollars = cost["writes"] * WRITE_PRICE + cost["reads"] * READ_PRICE
    return f"{cost['requests']:>10}{cost['writes']:>8.0f}{cost['reads']:>8.1f}{dollars:>11.1f}"


if __name__ == "__main__":
    main()
