"""Cost of deriving a conversation: histories repeat its texts with each turn."""

import time

from shared.sessions.forms.histories import Uncovered
from shared.sessions.forms.steps import Steps

TURNS = 150
_FILLER = "Could you tell me where my order is, and when it comes? " * 6


def test_texts_are_searched_for_once_however_often_histories_repeat_them() -> None:
    lacking = Uncovered([history(turns) for turns in range(1, TURNS + 1)])
    started = time.process_time()

    for number in range(1, TURNS + 1):
        assert not lacking.lacks_text(f"Question {number}: Could you")
        assert lacking.lacks_text(f"uestion {number}: Could you")
        assert lacking.lacks_text("when it come")
        assert lacking.lacks_text("order my")

    assert time.process_time() - started < 2  # 20 s or more, were each history searched


def history(turns: int) -> Steps:
    steps = Steps()
    for number in range(1, turns + 1):
        steps.say(f"Question {number}: {_FILLER}", by_user=True)
    return steps
