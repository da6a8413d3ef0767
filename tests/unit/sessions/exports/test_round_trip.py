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
