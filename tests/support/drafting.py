"""Drafting with the real classifier, which is loaded once."""

from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.redaction.wiring import classifier
from shared.sessions.transcript import Entry, Transcript
from tests.support.captured_sessions import transcript


def classify() -> Classifier:
    """Return the classifier of this process."""
    return classifier()


def draft(session: Transcript) -> Draft:
    """Return the draft of a session by rules."""
    return draft_scenario(session, classifier())


def redactor(*entries: Entry) -> Redactor:
    """Return the redactor of a session of these entries."""
    return Redactor.of(transcript(*entries), classifier())
