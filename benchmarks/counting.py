"""Write units of opened agent sessions: python -m benchmarks.counting

Those of the request, and those of counting it from the table's stream, by the number of creates
in a batch of the stream and of the agents that they are of. Units are computed from the requests
by DynamoDB's rules (see capacity.py); nothing is timed.
"""

import pytest

from benchmarks.capacity import Meter
from benchmarks.quiet import silent
from benchmarks.turns import INDEXES, KEY_INDEXES
from shared.storage.client import dynamodb
from tests.support.agents import new_agent, new_session
from tests.support.gateway import Gateway
from tests.support.storage import moto_table
from tests.support.table_stream import count_sessions

#: Creates of a batch, and their agents.
BATCHES = ((1, 1), (10, 1), (10, 10), (100, 1), (100, 10))


def costs(creates: int, agents: int) -> tuple[float, float]:
    """Return the write units of the requests, and of counting them in one batch."""
    meter = Meter(keys=("pk", "sk"), indexes=INDEXES, key_indexes=KEY_INDEXES)
    with silent(), pytest.MonkeyPatch.context() as patch, moto_table(patch):
        api = Gateway()
        ids = [new_agent(api)["id"] for _ in range(agents)]
        meter.attach(dynamodb())
        for number in range(creates):
            new_session(api, agent_id=ids[number % agents])
        written = meter.writes
        count_sessions()
    return written, meter.writes - written


def main() -> None:
    """Print a line for each batch; units are per create."""
    print(f"{'creates':>8}{'agents':>8}{'request':>9}{'counting':>10}{'sum':>7}")
    for creates, agents in BATCHES:
        written, counted = (units / creates for units in costs(creates, agents))
        print(f"{creates:>8}{agents:>8}{written:>9.2f}{counted:>10.2f}{written + counted:>7.2f}")


if __name__ == "__main__":
    main()
