"""Repeated imports, and imports too large for one write."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Ended
from tests.support.captured_sessions import transcript_of_messages
from tests.support.gateway import Gateway
from tests.support.imports import SENT_AT, body_of, deliver, known
from tests.support.storage import IMPORTS, restore_objects
from tests.unit.triggers.captured import AGENT, EVALUATION, KINDS, TALK, session_id, transcript


@pytest.mark.parametrize("kind", KINDS)
def test_repeated_import_stores_one_session(importing: Gateway, kind: SessionKind) -> None:
    body = body_of(importing.organization_id, kind, TALK)
    again = body_of(importing.organization_id, kind, TALK, at=SENT_AT + timedelta(days=1))

    assert deliver(body, body) == []
    before = transcript(importing, kind, TALK)
    assert deliver(again) == []

    assert transcript(importing, kind, TALK) == before
    path = "/v1/sessions" if kind is AGENT else "/sessions"
    listed = importing("GET", path).json
    assert len(listed["data"] if kind is AGENT else listed) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_other_conversation_under_the_same_id_is_rejected(
    importing: Gateway, kind: SessionKind
) -> None:
    other = {**TALK, "messages": TALK["messages"][:2]}
    deliver(body_of(importing.organization_id, kind, TALK))
    before = transcript(importing, kind, TALK)

    assert deliver(body_of(importing.organization_id, kind, other)) == ["0"]

    assert transcript(importing, kind, TALK) == before


def test_same_line_for_two_kinds_and_organizations_stores_four_sessions(
    importing: Gateway, other_api: Gateway
) -> None:
    other = known(other_api)
    bodies = [
        body_of(one.organization_id, kind, TALK) for one in (importing, other) for kind in KINDS
    ]

    assert deliver(*bodies) == []

    ids = {session_id(one, kind, TALK).hex for one in (importing, other) for kind in KINDS}
    assert len(ids) == 4
    for one in (importing, other):
        for kind in KINDS:
            assert transcript(one, kind, TALK).entries


@pytest.mark.parametrize("kind", KINDS)
def test_conversation_of_many_megabytes_is_complete(importing: Gateway, kind: SessionKind) -> None:
    turns = [
        {"role": role, "content": f"{number} " + text * 5_000}
        for number in range(60)
        for role, text in (("user", "gehört? "), ("assistant", "jawohl! "))
    ]
    long = {**TALK, "id": "long", "messages": turns}
    restore_objects({"k": json.dumps(long).encode()}, IMPORTS)
    body = body_of(importing.organization_id, kind, None, object_key="k")

    assert deliver(body) == []

    assert len(json.dumps(long)) > 4_500_000
    imported = transcript(importing, kind, long)
    entries = tuple(entry for entry in imported.entries if not isinstance(entry, Ended))
    assert entries == transcript_of_messages(turns).entries
    assert deliver(body) == []
    missing = body_of(importing.organization_id, kind, None, object_key="missing")
    assert deliver(missing) == ["0"]


def test_retry_of_an_interrupted_long_import_leaves_nothing_of_the_first_try(
    importing: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def long(word: str, size: int) -> dict[str, Any]:
        turns = [{"role": "user", "content": word * size} for _ in range(40)]
        return {**TALK, "id": "long", "messages": turns}

    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("the function was stopped")

    organization = importing.organization_id
    with monkeypatch.context() as patch:
        patch.setattr("shared.sessions.store.SessionStore.create", broken)
        assert deliver(body_of(organization, AGENT, long("a", 150_000))) == ["0"]
    # An incomplete session is not readable.
    identifier = session_id(importing, AGENT, long("a", 150_000))
    assert importing("GET", f"/v1/sessions/{identifier}").status == 404

    again = long("b", 100_001)
    assert deliver(body_of(organization, AGENT, again)) == []

    expected = transcript_of_messages(again["messages"])
    assert transcript(importing, AGENT, again).entries == expected.entries


def test_import_after_its_product_was_deleted_creates_another(importing: Gateway) -> None:
    deliver(body_of(importing.organization_id, EVALUATION, TALK))
    [session], [version], [product] = (
        importing("GET", path).json for path in ("/sessions", "/versions", "/products")
    )
    for path in (f"/sessions/{session['id']}", f"/versions/{version['id']}"):
        assert importing("DELETE", path).status == 204
    assert importing("DELETE", f"/products/{product['id']}").status == 204

    others = [TALK | {"id": f"{number}"} for number in range(2)]
    bodies = [body_of(importing.organization_id, EVALUATION, one) for one in others]
    assert deliver(*bodies) == ["0"]  # a warm function still knows the deleted version
    assert deliver(*bodies) == []

    [another] = importing("GET", "/products").json
    assert another["name"] == product["name"]
    assert another["id"] != product["id"]


def test_import_of_a_deleted_session_fails(importing: Gateway) -> None:
    body = body_of(importing.organization_id, AGENT, TALK)
    deliver(body)
    identifier = str(session_id(importing, AGENT, TALK))
    assert importing("DELETE", f"/v1/sessions/{identifier}").status == 204

    assert deliver(body) == ["0"]

    assert importing("GET", f"/v1/sessions/{identifier}").status == 404
