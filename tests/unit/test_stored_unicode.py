"""Items with lone surrogates, as earlier versions wrote them: no read of them fails."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from functions.triggers import purge_sessions
from shared.changes.detection import change_of
from shared.core.json import dumps
from shared.storage.records import from_item
from shared.storage.streams import StreamRecord
from tests.support.clocks import stop_clock
from tests.support.snapshot import stored_items
from tests.support.storage import TABLE, moto_table
from tests.support.unicode import is_valid
from tests.unit.test_stored_items import KNOWN, READS, Line, lines
from tests.unit.test_stored_items import send as read


def _cut_texts(value: Any) -> Any:
    """Return a stored body with a lone surrogate in each text of a person or a model."""
    if isinstance(value, str):
        return f"{value}\ud83d" if " " in value else value
    if isinstance(value, list):
        return [_cut_texts(inner) for inner in value]
    if isinstance(value, dict):
        free = {"\udc00 key": "a"} if value and set(value) <= {"a", "team"} else {}
        return {name: _cut_texts(inner) for name, inner in value.items()} | free
    return value


@pytest.fixture(scope="module")
def stored_by_an_earlier_version() -> Iterator[Any]:
    """The items of the last version, each text with an escaped lone surrogate, as it wrote."""
    with pytest.MonkeyPatch.context() as patch, moto_table(patch) as client:
        stop_clock(patch, datetime.fromisoformat(KNOWN["at"]))
        for item in lines("items.jsonl"):
            for name in ("body", "original"):
                if name in item:
                    item[name] = {"S": json.dumps(_cut_texts(json.loads(item[name]["S"])))}
            client.put_item(TableName=TABLE, Item=item)
        yield client


def test_earlier_items_have_lone_surrogates(stored_by_an_earlier_version: Any) -> None:
    cut = [
        item for item in stored_items().values() if r"\ud83d" in item.get("body", {"S": ""})["S"]
    ]

    assert len(cut) > 50
    assert len({item["type"]["S"] for item in cut}) >= 9


@pytest.mark.parametrize(
    "line", READS, ids=[f"{line['route']}{' (other)' * ('as' in line)}" for line in READS]
)
def test_stored_lone_surrogate_never_fails_a_read(
    stored_by_an_earlier_version: Any, line: Line
) -> None:
    answer = read(line)

    assert answer.status == line["status"], answer.text
    assert is_valid(answer)


def test_stored_lone_surrogate_never_fails_a_draft(stored_by_an_earlier_version: Any) -> None:
    sessions = {
        re.sub(r"\W", "", found[1])
        for line in READS
        if (found := re.match(r"GET .*/sessions/(?:session_)?([0-9a-f-]{32,36})", line["route"]))
        and line["status"] == 200
        and "as" not in line
    }
    route = "POST /v1/scenarios/draft-from-session"
    for digits in sorted(sessions):
        answer = read(
            {},
            route,
            {
                "session_id": f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-"
                f"{digits[16:20]}-{digits[20:]}"
            },
        )

        assert answer.status in (200, 400), answer.text
        assert is_valid(answer)


def test_stored_lone_surrogate_never_fails_a_change_event(
    stored_by_an_earlier_version: Any,
) -> None:
    at = datetime.fromisoformat(KNOWN["at"])
    # A counter has no body.
    records = [from_item(item) for item in stored_items().values() if "body" in item]
    changes = [
        change_of(StreamRecord(id="1", position="1", at=at, old=None, new=record))
        for record in records
    ]
    details = [dumps(change.detail()) for change in changes if change is not None]

    assert details
    assert not [text for text in details if text.encode(errors="replace").decode() != text]


def test_session_with_stored_lone_surrogates_is_purged(stored_by_an_earlier_version: Any) -> None:
    """The last test of this module: it deletes what the others read."""
    deletions = {
        line["delete"]
        for line in lines("repeats.jsonl")
        if "/sessions/" in line.get("delete", "") and "as" not in line
    }
    assert len(deletions) > 2

    for deletion in deletions:
        assert read({}, deletion).status == 204
        session = deletion.rpartition("/")[2]
        detail = {"organization_id": KNOWN["organization_id"], "session_id": session}
        purge_sessions.handler({"detail": detail}, None)
        digits = session.removeprefix("session_").replace("-", "")
        assert not [
            sort
            for partition, sort in stored_items()
            if partition.endswith(f"#session#{digits}") and sort.startswith("events#")
        ]
