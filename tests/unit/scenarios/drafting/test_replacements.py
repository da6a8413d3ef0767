"""Replaced values of a draft: kinds, placeholders and pseudonyms, never the values."""

from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.redaction.kinds import Kind
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Entry, ToolAnswered, ToolCalled, Transcript, UserSaid
from tests.support.drafting import classify

PERSONAL = ("Mia", "Hansen", "mia.hansen@mail.example", "415-555-0132")


def drafted(*entries: Entry) -> Draft:
    return draft_scenario(Transcript(kind=SessionKind.AGENT, entries=entries), classify())


def mia() -> Draft:
    return drafted(
        UserSaid("I am Mia Hansen, mia.hansen@mail.example. Cancel my order HP-48213."),
        ToolCalled(0, "find", {"email": "mia.hansen@mail.example"}),
        ToolAnswered(0, "find", {"name": "Mia Hansen", "phone": "415-555-0132"}),
    )


def test_each_replaced_value_has_its_kind_and_what_stands_for_it() -> None:
    draft = mia()
    by_kind = {one.kind: one for one in draft.replacements}
    assert set(by_kind) == {Kind.NAME, Kind.EMAIL, Kind.PHONE}
    email = by_kind[Kind.EMAIL]
    assert email.placeholder == "<EMAIL_1>"
    assert draft.mock_world["find"]["calls"][0]["arguments"]["email"] in email.pseudonyms
    assert draft.mock_world["find"]["output"]["phone"] in by_kind[Kind.PHONE].pseudonyms
    assert draft.mock_world["find"]["output"]["name"] in by_kind[Kind.NAME].pseudonyms


def test_no_replacement_has_the_value() -> None:
    assert not [value for value in PERSONAL if value in repr(mia().replacements)]


def test_only_what_is_in_the_draft_is_named() -> None:
    draft = mia()
    texts = draft.name + draft.intent + draft.journey
    invented = repr(draft.mock_world) + repr(draft.user_turns)
    for one in draft.replacements:
        assert one.placeholder is None or one.placeholder in texts
        assert all(pseudonym in invented for pseudonym in one.pseudonyms)


def test_session_without_personal_data_has_no_replacements() -> None:
    assert drafted(UserSaid("Where is order 4711?")).replacements == ()
