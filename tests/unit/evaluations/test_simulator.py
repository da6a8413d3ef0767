"""The scripted user, and the model's, by themselves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import Unavailable
from shared.evaluations.model_simulator import ModelUser, prompt
from shared.evaluations.simulation import Exchange, SimulatedCase, SimulatedMessage
from shared.evaluations.simulator import ScriptedUser, holds, stopping_reason
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest

CASE = SimulatedCase(
    scenario="The order 4711 is late. It was paid by card.",
    goal="Get the date of delivery",
    persona="A customer in a hurry",
    stopping_criterias=("The assistant refuses to help",),
)


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("Your delivery date is Tuesday.", "Get the date of delivery", True),
        ("Deliveries take long.", "Get the date of delivery", False),
        ("The date of your delivery", "The user gets the delivery date.", True),
        ("I refuse to help you.", "The assistant refuses to help", True),
        ("Good morning", "the user", False),
        ("the user is told", "the user", True),
        ("", "", False),
        ("退款已完成", "退款已完成", True),
    ],
)
def test_given_words_when_compared_then_most_of_the_telling_ones_must_be_there(
    text: str, wanted: str, expected: bool
) -> None:
    assert holds(text, wanted) is expected


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], None),
        ([None, "One moment."], None),
        (["It leaves today.", "The delivery date is Tuesday."], "GOAL_ACHIEVED"),
        (["I refuse to help."], "STOPPING_CRITERIA_MET"),
        (["You said: What is the date of delivery?"], None),
    ],
)
def test_given_answers_when_judged_then_goal_and_criteria_end_it(
    answers: list[str | None], reason: str | None
) -> None:
    exchanges = [Exchange("What is the date of delivery?", answer) for answer in answers]
    assert stopping_reason(CASE, exchanges) == reason


def test_given_a_case_when_played_then_scenario_and_goal_are_told_in_turn() -> None:
    said: list[str] = []
    exchanges: list[Exchange] = []
    for answer in ("Which order?", "I see.", "One moment.", "Still looking."):
        message = ScriptedUser().next_message(CASE, exchanges).text
        said.append(message)
        exchanges.append(Exchange(message, answer))
    hurry = "Please be brief, I am in a hurry."
    assert said == [
        f"Hello. The order 4711 is late. {hurry}",
        f"To answer that: It was paid by card. {hurry}",
        f"What I need is this: Get the date of delivery. {hurry}",
        f"I am still waiting for this: Get the date of delivery. {hurry}",
    ]


def test_given_an_empty_case_when_played_then_something_is_said() -> None:
    user, empty = ScriptedUser(), SimulatedCase()
    assert user.next_message(empty, []).text == "Hello. I need your help."
    assert user.next_message(empty, [Exchange("a", "What?")]).text == "Yes, please go on."
    assert user.next_message(empty, [Exchange("a", "Fine.")]).stopping_reason is None


_TEXT = st.none() | st.text(max_size=60)


@given(_TEXT, _TEXT, _TEXT, st.lists(st.text(max_size=20), max_size=3), st.lists(_TEXT, max_size=8))
def test_given_any_case_when_played_twice_then_the_same_is_said(
    scenario: str | None,
    goal: str | None,
    persona: str | None,
    criteria: list[str],
    answers: list[str | None],
) -> None:
    case = SimulatedCase(
        scenario=scenario, goal=goal, persona=persona, stopping_criterias=tuple(criteria)
    )
    exchanges = [Exchange("Hello", answer) for answer in answers]
    first = ScriptedUser().next_message(case, exchanges)
    assert first == ScriptedUser().next_message(case, exchanges)
    assert first.text


class Model:
    """A model that answers one text, or fails."""

    def __init__(self, answer: str | ModelFailed) -> None:
        self._answer = answer
        self.asked: list[ModelRequest] = []

    def answer(self, request: ModelRequest) -> ModelAnswer:
        self.asked.append(request)
        if isinstance(self._answer, ModelFailed):
            raise self._answer
        return ModelAnswer(text=self._answer)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('{"message": "Where?", "stopping_reason": null}', SimulatedMessage("Where?")),
        ('Sure: {"message": " Bye ", "stopping_reason": "GOAL_ACHIEVED"} ok',
         SimulatedMessage("Bye", "GOAL_ACHIEVED")),
        ('{"message": "", "stopping_reason": "STOPPING_CRITERIA_MET"}',
         SimulatedMessage("", "STOPPING_CRITERIA_MET")),
        ('{"message": "a", "stopping_reason": "because"}', SimulatedMessage("a")),
        ("Where is it?", SimulatedMessage("Where is it?")),
        ("{broken}", SimulatedMessage("{broken}")),
    ],
)  # fmt: skip
def test_given_a_model_when_it_plays_then_its_object_is_read(
    answer: str, expected: SimulatedMessage
) -> None:
    model = Model(answer)
    user = ModelUser(model, "some-model")
    assert user.next_message(CASE, [Exchange("Hello", None)]) == expected
    [asked] = model.asked
    told: list[Any] = [(one.role, one.content[0]["text"]) for one in asked.messages]
    assert [role for role, _ in told] == ["user", "agent", "user"]
    assert told[1] == ("agent", "Hello")
    assert (asked.model, user.version) == ("some-model", "model-1:some-model")


@pytest.mark.parametrize("answer", ["", "{}", ModelFailed("Too busy.", retryable=True)])
def test_given_a_model_without_an_answer_when_it_plays_then_it_may_be_asked_again(
    answer: str | ModelFailed,
) -> None:
    with pytest.raises(Unavailable):
        ModelUser(Model(answer), "some-model").next_message(CASE, [])


def test_given_a_case_then_the_model_is_told_all_of_it() -> None:
    told = prompt(CASE)
    for text in (CASE.scenario, CASE.goal, CASE.persona, *CASE.stopping_criterias):
        assert text is not None
        assert text in told
