"""What the engine does where a person decides, and at a session that takes no more."""

from datetime import timedelta
from typing import Any

import pytest

from shared.core.errors import Conflict
from shared.playground import events
from shared.playground.engine import Decision
from tests.support.walks import NOW, Conversation
from tests.unit.playground.node_graphs import approval, edges_of, on, says


def approving(**fields: Any) -> Conversation:
    return on([approval("ok", **fields), says("yes", "Done."), says("no", "Refused.")], [])


def test_given_an_approval_when_it_is_reached_then_the_session_waits_for_a_decision() -> None:
    talk = approving(timeout_seconds=60)

    ran = talk.say("Go")

    assert ran.reply == "Wait."
    assert ran.state.awaiting_approval
    assert (ran.state.node_id, ran.state.signal) == ("ok", "approval_required")
    assert ran.state.deadline == NOW + timedelta(seconds=60)
    assert ran.state.completed == ()
    with pytest.raises(Conflict) as refused:
        talk.say("Hello?")
    assert refused.value.code == "awaiting_approval"


@pytest.mark.parametrize(("approve", "reply"), [(True, "Done."), (False, "Refused.")])
def test_given_a_decision_then_its_way_is_taken(approve: bool, reply: str) -> None:
    talk = approving()
    talk.say("Go")

    ran = talk.give(Decision(approve=approve, note="because"))

    assert (ran.reply, ran.state.signal) == (reply, "completed")
    assert ran.state.completed == ("ok", "yes" if approve else "no")
    assert not ran.state.awaiting_approval
    assert ran.events[0].data == {
        "node_id": "ok",
        "decision": "approve" if approve else "deny", "note": "because", "by": "person"
    }  # fmt: skip


def test_given_a_deadline_that_decides_then_the_way_is_that_of_deny() -> None:
    talk = approving(timeout_seconds=60)
    talk.say("Go")

    ran = talk.give(Decision(approve=False, by="deadline"))

    assert ran.reply == "Refused."
    assert [e.data["signal"] for e in ran.events if e.type == events.SIGNAL] == [
        "approval_timed_out", "completed"
    ]  # fmt: skip


def test_given_an_approval_whose_condition_is_false_then_nobody_is_asked() -> None:
    ran = approving(condition="amount > 100").say("Go")

    assert ran.reply == "Done."
    assert edges_of(ran)[0]["seen"] == {"amount": None}


def test_given_a_session_that_waits_for_nobody_then_a_decision_is_refused() -> None:
    with pytest.raises(Conflict) as refused:
        approving().give(Decision(approve=True))

    assert refused.value.code == "not_awaiting_approval"


def test_given_a_session_that_ended_then_a_message_is_refused() -> None:
    talk = on([says("a", "A")], [])
    talk.say("Go")

    with pytest.raises(Conflict) as refused:
        talk.say("More?")

    assert refused.value.code == "session_ended"
