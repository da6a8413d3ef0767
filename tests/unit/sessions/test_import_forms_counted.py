"""Counting test of imports: no text, call or result of a line is lost without a word."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.agents.sessions.imported_events import imported_events
from shared.core.errors import InvalidInput
from shared.core.ids import SessionId
from shared.evaluations.sessions.imported_turns import result_events
from shared.sessions.captured_conversations import CapturedConversation, read_conversation
from shared.sessions.forms.steps import Thought
from shared.sessions.transcript import ToolAnswered, ToolCalled
from tests.support.conversation_forms import FORMS
from tests.support.generated_conversations import CONVERSATIONS, Conversation

#: Text of the user, of the assistant, thought, answer, name, argument and result of a call.
TOKEN = re.compile(r"[usteanr]\d+\.")
IMPORTED_AT = datetime(2026, 3, 1, tzinfo=UTC)
SESSION = SessionId.new()
EXAMPLES = settings(max_examples=25, deadline=None)


def tokens(value: Any) -> Counter[str]:
    return Counter(TOKEN.findall(json.dumps(value)))


def tokens_of(conversation: CapturedConversation) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in conversation.entries:
        if isinstance(entry, ToolCalled):
            found += tokens([entry.tool, entry.arguments])
        elif isinstance(entry, ToolAnswered):
            found += tokens([entry.output, entry.error])
        else:
            found += tokens(getattr(entry, "text", None))
    return found


def written(turns: Conversation) -> Counter[str]:
    fields = [
        [turn.asked, turn.said, turn.thought, turn.answer]
        + [text for call in turn.calls for text in (call.tool, call.argument, call.result)]
        for turn in turns
    ]
    return tokens(fields)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@EXAMPLES
@given(turns=CONVERSATIONS)
def test_each_text_call_and_result_is_in_the_session_once(form: Any, turns: Conversation) -> None:
    line = {"id": "i", **form(turns)}

    found = read_conversation(line)

    # The queue gets the source of a line only.
    assert read_conversation({"id": "i", **found.source}) == found
    # Some forms cannot have a thought, or a call without a result.
    expected = {token: 1 for token in written(turns) if tokens(line)[token]}
    assert tokens_of(found) == expected
    for entry in found.entries:
        if isinstance(entry, ToolAnswered):
            [call] = [one for one in found.entries if isinstance(one, ToolCalled) and
                      one.call == entry.call]  # fmt: skip
            argument, result = (
                list(tokens(call.arguments)),
                list(tokens(entry.output or entry.error)),
            )
            # The result of a call is that of the conversation.
            assert any(
                (call.argument, call.result) == (argument[0], result[0])
                for turn in turns
                for call in turn.calls
            )
    assert tokens([one.data for one in imported_events(SESSION, found, IMPORTED_AT)]).keys() == (
        expected.keys()
    )
    assert tokens([one.data for one in result_events(found, IMPORTED_AT)]).keys() == expected.keys()


@st.composite
def damaged(draw: st.DrawFn, form: Any) -> dict[str, Any]:
    """Return a line in which one value is missing or of another type."""
    line: dict[str, Any] = json.loads(json.dumps({"id": "i", **form(draw(CONVERSATIONS))}))
    places = [(holder, key) for holder, key in _places(line) if key != "id"]
    holder, key = draw(st.sampled_from(places))
    other = draw(st.sampled_from(["delete", None, 7, True, "text", [], {}, ["x"], {"x": "y"}]))
    if other == "delete":
        del holder[key]
    else:
        holder[key] = other
    return line


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@EXAMPLES
@given(data=st.data())
def test_damaged_line_is_refused_or_read_completely(form: Any, data: st.DataObject) -> None:
    line = data.draw(damaged(form))

    try:
        found = read_conversation(line)
    except InvalidInput as error:
        refusal = error.message
    else:
        # A result has the name of its call, whatever name came with it.
        lost = tokens(line).keys() - tokens_of(found).keys()
        assert not {token for token in lost if not token.startswith("n")}
        return
    assert re.match(r"[\w.]+: .*(must|is unknown)", refusal)  # names the field and the rule


def test_thought_is_kept_in_both_kinds_of_session() -> None:
    line = {
        "id": "i",
        "messages": [
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "a greeting"}]},
        ],
    }

    found = read_conversation(line)

    assert found.entries[1] == Thought("a greeting")
    message = imported_events(SESSION, found, IMPORTED_AT)[1].data["message"]
    assert message["thinking"] == "a greeting"
    assert message["content"] == [{"type": "text", "text": "[thinking]"}]
    [turn] = result_events(found, IMPORTED_AT)
    assert turn.data["input"]["messages"][1]["reasoning_content"] == "a greeting"
