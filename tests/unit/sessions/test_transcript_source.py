"""Event types: each area's are read into transcripts or ignored on purpose."""

from types import ModuleType

import pytest

from shared.agents import event_types as agent_types
from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.core.observability import logger
from shared.evaluations import event_types as evaluation_types
from shared.evaluations.transcript import EVALUATION_TRANSCRIPT
from shared.playground.engine import events as playground_types
from shared.playground.transcript import PLAYGROUND_TRANSCRIPT
from shared.sessions.transcript import UserSaid
from shared.sessions.transcript_source import TranscriptSource
from tests.support.captured_sessions import record_events


@pytest.mark.parametrize(
    ("types", "source"),
    [
        (agent_types, AGENT_TRANSCRIPT),
        (playground_types, PLAYGROUND_TRANSCRIPT),
        (evaluation_types, EVALUATION_TRANSCRIPT),
    ],
)
def test_every_event_type_is_read_or_ignored(types: ModuleType, source: TranscriptSource) -> None:
    written = {
        value for name, value in vars(types).items() if name.isupper() and type(value) is str
    }
    assert written
    assert source.readers().keys() | source.ignored == written
    assert not source.readers().keys() & source.ignored


def test_undeclared_event_type_is_left_out_and_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings = []
    monkeypatch.setattr(logger, "warning", lambda _, extra: warnings.append(extra))
    recorded = record_events(
        PLAYGROUND_TRANSCRIPT, ("user.message", {"text": "Hi"}), ("user.waved", {})
    )
    assert recorded == [UserSaid("Hi")]
    assert warnings == [{"kind": "playground", "event_type": "user.waved"}]
