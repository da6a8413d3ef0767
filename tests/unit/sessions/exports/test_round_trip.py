"""Round trip of sessions: import, export and import again give the same events."""

from typing import Any

import pytest
from hypothesis import given, settings

from shared.core.errors import InvalidInput
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.domain import SessionKind
from shared.sessions.exports.formats import ExportFormat
from tests.support.round_trips import KINDS, LINES, differences


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", list(ExportFormat))
@settings(max_examples=40, deadline=None)
@given(line=LINES)
def test_import_export_import_gives_the_same_events(
    form: ExportFormat, kind: SessionKind, line: dict[str, Any]
) -> None:
    try:
        read_conversation(line)
    except InvalidInput:
        return

    assert not differences(line, kind, form)


def test_repeated_message_behind_the_last_answer_is_kept() -> None:
    """It is in a span of the agent, which otherwise repeats what its models' spans have."""
    user, result = {"role": "user", "content": "yes"}, {"role": "tool", "content": "yes"}
    line = {"id": "source", "messages": [user, {**result, "tool_call_id": ""}, user]}

    assert not differences(line, SessionKind.EVALUATION, ExportFormat.OTEL)
