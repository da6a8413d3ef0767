"""Messages of the recorded user in a draft: order, invented values, and their limits."""

import pytest

from shared.core.json import dumps
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.drafting.user_turns import user_turns
from shared.scenarios.library.domain import (
    MAX_SCENARIO_BYTES,
    MAX_TURNS_BYTES,
    MAX_USER_TURN,
    MAX_USER_TURNS,
)
from shared.scenarios.redaction.redactor import Redactor
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import (
    AssistantSaid,
    Entry,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)
from tests.support.drafting import classify


def drafted(*entries: Entry) -> Draft:
    return draft_scenario(Transcript(kind=SessionKind.AGENT, entries=entries), classify())


def test_messages_keep_their_order_and_lose_markers_and_envelopes() -> None:
    draft = drafted(
        UserSaid("Cancel my order."),
        AssistantSaid("Which one?"),
        UserSaid('{"message": "The lamp, please."}'),
        UserSaid("Thanks! ###STOP###"),
        UserSaid("###STOP###"),
    )
    assert draft.user_turns == ("Cancel my order.", "The lamp, please.", "Thanks!")


def test_invented_values_are_those_of_the_mock_world() -> None:
    draft = drafted(
        UserSaid("I am Mia Hansen, mia.hansen@mail.example. Cancel it."),
        ToolCalled(0, "find", {"email": "mia.hansen@mail.example"}),
        ToolAnswered(0, "find", {"name": "Mia Hansen", "email": "mia.hansen@mail.example"}),
    )
    [turn] = draft.user_turns
    output = draft.mock_world["find"]["output"]
    assert "ansen" not in turn
    assert output["email"] in turn
    assert output["name"] in turn


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["a"] * 500, MAX_USER_TURNS),
        (["word " * 20_000], 1),
        (["x" * 15_000] * 30, 6),
        (["\u00e9" * 15_000] * 30, 3),
    ],
)
def test_messages_beyond_the_limits_are_cut_from_the_end(texts: list[str], kept: int) -> None:
    draft = drafted(UserSaid("Cancel it."), *map(UserSaid, texts[1:]), UserSaid(texts[0]))
    assert abs(len(draft.user_turns) - kept) <= 1
    assert draft.user_turns[0] == "Cancel it."
    assert max(map(len, draft.user_turns)) <= MAX_USER_TURN
    assert len(dumps(draft.user_turns).encode()) <= MAX_TURNS_BYTES


def test_messages_share_the_item_with_a_large_world() -> None:
    session = Transcript(
        kind=SessionKind.AGENT, entries=tuple(UserSaid(f"{n} {'x' * 9_000}") for n in range(9))
    )
    world = {"find": {"output": "x" * 340_000}}
    kept = user_turns(session, Redactor.of(session, classify()), "intent", world)
    assert len(kept) == 4
    assert len(dumps([world, kept]).encode()) <= MAX_SCENARIO_BYTES
    assert user_turns(session, Redactor.of(session, classify()), "x" * 400_000) == ()
