"""Approval nodes, and inputs that a session does not accept."""

from datetime import timedelta
from typing import Any

import pytest

from shared.core.errors import Conflict
from shared.playground.engine import events
from shared.playground.engine.engine import Decision
from tests.support.node_graphs import approval, conversation, data_of, says, signals_of
from tests.support.walks import NOW, Conversation


def approving(**fields: Any) -> Conversation:
    nodes = [approval("ok", **fields), says("yes", "Done."), says("no", "Refused.")]
    return conversation(nodes, [])


def test_approval_suspends_the_session() -> None:
    talk = approving(timeout_seconds=60)

    result = talk.say("Go")

    assert result.reply == "Wait."
    assert result.state.awaiting_approval
    assert (result.state.node_id, result.state.signal) == ("ok", "approval_required")
    assert result.state.deadline == NOW + timedelta(seconds=60)
    assert result.state.completed == ()
    with pytest.raises(Conflict) as refused:
        talk.say("Hello?")
    assert refused.value.code == "awaiting_approval"


@pytest.mark.parametrize(("approve", "reply"), [(True, "Done."), (False, "Refused.")])
def test_decision_leads_to_its_target(approve: bool, reply: str) -> None:
    talk = approving()
    talk.say("Go")

    result = talk.give(Decision(approve=approve, note="because"))

    assert (result.reply, result.state.signal) == (reply, "completed")
    assert result.state.completed == ("ok", "yes" if approve else "no")
    assert not result.state.awaiting_approval
    decision = "approve" if approve else "deny"
    assert data_of(result, events.APPROVAL_DECIDED) == [
        {"node_id": "ok", "decision": decision, "note": "because", "by": "person"}
    ]


def test_passed_deadline_denies() -> None:
    talk = approving(timeout_seconds=60)
    talk.say("Go")

    result = talk.give(Decision(approve=False, by="deadline"))

    assert result.reply == "Refused."
    assert signals_of(result) == ["approval_timed_out", "completed"]


def test_approval_with_false_condition_is_skipped() -> None:
    result = approving(condition="amount > 100").say("Go")

    assert result.reply == "Done."
    assert data_of(result, events.EDGE_TAKEN)[0]["seen"] == {"amount": None}


def test_decision_without_approval_is_rejected() -> None:
    with pytest.raises(Conflict) as refused:
        approving().give(Decision(approve=True))

    assert refused.value.code == "not_awaiting_approval"


def test_message_to_ended_session_is_rejected() -> None:
    talk = conversation([says("a", "A")], [])
    talk.say("Go")

    with pytest.raises(Conflict) as refused:
        talk.say("More?")

    assert refused.value.code == "session_ended"
