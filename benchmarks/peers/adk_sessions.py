"""ADK's session service on SQLite, by the size of its lists and sessions.

    python -m benchmarks.peers.adk_sessions 1000 10000     (in the environment "adk")

Prints a line of JSON for each call and size. The service writes one session and one event; the
others are copies of these rows. ADK's runner reads the session before it appends: its turn is both.
CPU is that of the service and of SQLite, which is in this process.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from google.adk.events.event import Event
from google.adk.sessions.database_session_service import DatabaseSessionService
from google.genai import types

from benchmarks.conversation import answer

APP, USER = "desk", "ada"
REPEATS, LONGEST = 5, 2.0


def new_event() -> Event:
    """Return an answer of the agent."""
    part = types.Part(text=answer(1))
    return Event(author="desk", content=types.Content(role="model", parts=[part]))


def copy_rows(file: Path, table: str, number: int, user: str, session: str) -> None:
    """Copy the only row of a table for a user or a session."""
    with sqlite3.connect(file) as connection:
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        row = dict(
            zip(names, connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone(), strict=True)
        )
        owner = {"user_id": user} | ({"session_id": session} if session else {})
        changed = [row | owner | {"id": str(uuid4())} for _ in range(number)]
        places = ", ".join(f":{name}" for name in names)
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", changed)


async def least(call: Callable[[], Awaitable[Any]]) -> float:
    """Return the least CPU seconds of some calls."""
    spent: list[float] = []
    while len(spent) < REPEATS and sum(spent) < LONGEST:
        started = time.process_time()
        await call()
        spent.append(time.process_time() - started)
    return min(spent)


async def measure(file: Path, size: int) -> None:
    """Measure the calls of one size."""
    service = DatabaseSessionService(f"sqlite+aiosqlite:///{file}")
    session = await service.create_session(app_name=APP, user_id=USER)
    await service.append_event(session, new_event())
    copy_rows(file, "sessions", size, "many", "")
    copy_rows(file, "events", size, USER, session.id)
    key = {"app_name": APP, "user_id": USER, "session_id": session.id}
    newest = await service.get_session(**key)

    calls: dict[str, Callable[[], Awaitable[Any]]] = {
        "list": lambda: service.list_sessions(app_name=APP, user_id="many"),
        "get": lambda: service.get_session(**key),
        "append": lambda: service.append_event(newest, new_event()),
    }
    assert len((await service.list_sessions(app_name=APP, user_id="many")).sessions) == size
    assert len(newest.events) == size + 1
    for kind, call in calls.items():
        seconds = await least(call)
        print(json.dumps({"kind": kind, "size": size, "seconds": seconds}), flush=True)


async def main() -> None:
    """Measure each size in a database of its own."""
    for size in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            await measure(Path(folder) / "sessions.db", size)


if __name__ == "__main__":
    asyncio.run(main())
