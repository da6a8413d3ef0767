"""Suggested checks of recorded sessions: they pass, find regressions, hold nothing personal."""

import json
from typing import Any

import pytest

from benchmarks.suggestions import UNRECORDED, ended, examine
from local.settings import ROOT
from shared.core.json import dumps
from shared.runs.checks.suggesting import suggest_checks
from shared.scenarios.drafting.recorded import pseudonymize_conversation
from shared.sessions.transcript import UserSaid
from tests.support.captured_sessions import transcript, transcript_of_messages
from tests.support.drafting import classify

SHORT = 3
#: Its tools have names without a verb, so that the suggestion names them.
WITHOUT_VERBS = "pii-secrets-0"
FIXTURES = ROOT / "tests" / "fixtures"
SESSIONS = [
    json.loads(line)
    for path in (
        FIXTURES / "conversations" / "airline.jsonl",
        FIXTURES / "conversations" / "assistant.jsonl",
        FIXTURES / "drafts" / "personal_data.jsonl",
        ROOT / "docs" / "examples" / "refunds.jsonl",
    )
    for line in path.read_text().replace("¦", "").splitlines()
]


@pytest.mark.parametrize("session", SESSIONS[::3], ids=[one["id"] for one in SESSIONS[::3]])
def test_suggestions_of_a_session(session: dict[str, Any]) -> None:
    recorded = transcript_of_messages(session["messages"])

    mistakes = [kind for kind, mistake in examine(recorded) if mistake is not None]
    expected = list(UNRECORDED) if session["id"] == WITHOUT_VERBS else []
    assert mistakes == expected

    conversation, values = pseudonymize_conversation(recorded, classify())
    checks = dumps(suggest_checks(ended(conversation), values))
    personal = [one["value"] for one in session.get("must_not_be_readable_in_words", ())]
    # Shorter ones, such as house numbers, are parts of other words.
    assert [value for value in personal if len(value) > SHORT and value in checks] == []


def test_value_that_is_recognized_by_its_sentence_only_is_invented() -> None:
    recorded = transcript(UserSaid("Telefonum 095 7 652."), UserSaid("我住在石路h座。"))

    conversation, values = pseudonymize_conversation(recorded, classify())

    words = " ".join(one.text for one in conversation.entries)  # type: ignore[union-attr]  # only words
    assert len(values) == 2
    assert all(value in words for value in values)
    assert "095 7 652" not in values
    assert "石路h座" not in values
