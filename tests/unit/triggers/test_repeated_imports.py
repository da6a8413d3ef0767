"""Lines that come again, and conversations too large for one write: one session, and whole."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from shared.imports.bucket import import_bucket
from shared.sessions.models import SessionKind
from shared.sessions.transcript import Ended
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table
from tests.support.captured_sessions import transcript_of_messages
from tests.support.gateway import Gateway
from tests.support.imports import SENT_AT, body_of, handed_over, known
from tests.unit.triggers.captured import AGENT, KINDS, TALK, session_id, transcript


@pytest.mark.parametrize("kind", KINDS)
def test_given_the_same_line_when_it_comes_again_then_it_is_one_session(
    importing: Gateway, kind: SessionKind
) -> None:
    body = body_of(importing.organization_id, kind, TALK)
    again = body_of(importing.organization_id, kind, TALK, at=SENT_AT + timedelta(days=1))

    assert handed_over(body, body) == []
    before = transcript(importing, kind, TALK)
    assert handed_over(again) == []

    assert transcript(importing, kind, TALK) == before
    path = "/v1/sessions" if kind is AGENT else "/sessions"
    listed = importing("GET", path).json
    assert len(listed["data"] if kind is AGENT else listed) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_given_another_conversation_under_the_same_id_when_it_comes_then_the_first_stays(
    importing: Gateway, kind: SessionKind
) -> None:
    other = {**TALK, "messages": TALK["messages"][:2]}
    handed_over(body_of(importing.organization_id, kind, TALK))
    before = transcript(importing, kind, TALK)

    assert handed_over(body_of(importing.organization_id, kind, other)) == ["0"]

    assert transcript(importing, kind, TALK) == before


def test_given_the_same_line_for_both_kinds_or_two_organisations_then_each_has_its_own(
    importing: Gateway, other_api: Gateway
) -> None:
    other = known(other_api)
    bodies = [
        body_of(one.organization_id, kind, TALK) for one in (importing, other) for kind in KINDS
    ]

    assert handed_over(*bodies) == []

    ids = {session_id(one, kind, TALK).hex for one in (importing, other) for kind in KINDS}
    assert len(ids) == 4
    for one in (importing, other):
        for kind in KINDS:
            assert transcript(one, kind, TALK).entries


@pytest.mark.parametrize("kind", KINDS)
def test_given_a_conversation_of_many_megabytes_when_imported_then_it_is_there_whole(
    importing: Gateway, monkeypatch: pytest.MonkeyPatch, kind: SessionKind
) -> None:
    monkeypatch.setenv("IMPORT_BUCKET", "imports")
    turns = [
        {"role": role, "content": f"{number} " + text * 5_000}
        for number in range(60)
        for role, text in (("user", "gehört? "), ("assistant", "jawohl! "))
    ]
    long = {**TALK, "id": "long", "messages": turns}
    boto3.client("s3").create_bucket(
        Bucket="imports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    boto3.client("s3").put_object(Bucket="imports", Key="k", Body=json.dumps(long).encode())
    import_bucket.cache_clear()
    from shared.core.settings import settings

    settings.cache_clear()
    body = body_of(importing.organization_id, kind, None, object_key="k")

    assert handed_over(body) == []

    assert len(json.dumps(long)) > 4_500_000
    found = TranscriptReader(table(), head_bytes=10**8).read(
        importing.organization_id, session_id(importing, kind, long).uuid
    )
    said = tuple(entry for entry in found.entries if not isinstance(entry, Ended))
    assert said == transcript_of_messages(turns).entries
    assert handed_over(body) == []
    missing = body_of(importing.organization_id, kind, None, object_key="missing")
    assert handed_over(missing) == ["0"]


def test_given_a_long_import_that_broke_off_when_it_comes_again_then_nothing_of_the_old_is_left(
    importing: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def long(word: str, size: int) -> dict[str, Any]:
        turns = [{"role": "user", "content": word * size} for _ in range(40)]
        return {**TALK, "id": "long", "messages": turns}

    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("the function was stopped")

    organization = importing.organization_id
    with monkeypatch.context() as patch:
        patch.setattr("shared.sessions.store.SessionStore.open", broken)
        assert handed_over(body_of(organization, AGENT, long("a", 150_000))) == ["0"]
    # Nobody meets a session of which only a part is there.
    identifier = session_id(importing, AGENT, long("a", 150_000))
    assert importing("GET", f"/v1/sessions/{identifier}").status == 404

    again = long("b", 100_001)
    assert handed_over(body_of(organization, AGENT, again)) == []

    found = TranscriptReader(table(), head_bytes=10**8).read(organization, identifier.uuid)
    assert found.entries == transcript_of_messages(again["messages"]).entries


def test_given_a_deleted_import_when_it_comes_again_then_it_stays_deleted(
    importing: Gateway,
) -> None:
    body = body_of(importing.organization_id, AGENT, TALK)
    handed_over(body)
    identifier = str(session_id(importing, AGENT, TALK))
    assert importing("DELETE", f"/v1/sessions/{identifier}").status == 204

    assert handed_over(body) == ["0"]

    assert importing("GET", f"/v1/sessions/{identifier}").status == 404
