"""Scripted user and model user."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import Unavailable
from shared.evaluations.simulation.domain import Exchange, SimulatedCase, SimulatedMessage
from shared.evaluations.simulation.model_user import ModelUser, prompt
from shared.evaluations.simulation.scripted_user import ScriptedUser
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest

CASE = SimulatedCase(
    scenario="The order 4711 is late. It was paid by card.",
    goal="Get the date of delivery",
    persona="A customer in a hurry",
    stopping_criterias=("The assistant refuses to help",),
)


REFUND = SimulatedCase(goal="Get a refund", stopping_criterias=("The assistant refuses a refund",))


@pytest.mark.parametrize(
    "answer",
    [
        "I cannot give you a refund.",
        "No refund: the assistant refuses a refund.",
        "You get a refund.",
        "Get a refund",
        None,
    ],
)
def test_scripted_user_never_claims_a_goal_or_a_criterion(answer: str | None) -> None:
    exchanges: list[Exchange] = []
    for _ in range(6):
        message = ScriptedUser().next_message(REFUND, exchanges)
        assert message.stopping_reason is None
        assert "still waiting" not in message.text
        exchanges.append(Exchange(message.text, answer))


def test_scripted_user_sends_scenario_then_goal() -> None:
    messages: list[str] = []
    exchanges: list[Exchange] = []
    for answer in ("Which order?", "I see.", "One moment.", "Still looking."):
        message = ScriptedUser().next_message(CASE, exchanges).text
        messages.append(message)
        exchanges.append(Exchange(message, answer))
    hurry = "Please be brief, I am in a hurry."
    assert messages == [
        f"Hello. The order 4711 is late. {hurry}",
        f"To answer that: It was paid by card. {hurry}",
        f"What I need is this: Get the date of delivery. {hurry}",
        f"Once more, this is what I need: Get the date of delivery. {hurry}",
    ]


def test_scripted_user_has_messages_for_an_empty_case() -> None:
    user, empty = ScriptedUser(), SimulatedCase()
    assert user.next_message(empty, []).text == "Hello. I need your help."
    assert user.next_message(empty, [Exchange("a", "What?")]).text == "Yes, please go on."
    assert user.next_message(empty, [Exchange("a", "Fine.")]).stopping_reason is None


_TEXT = st.none() | st.text(max_size=60)


@given(_TEXT, _TEXT, _TEXT, st.lists(st.text(max_size=20), max_size=3), st.lists(_TEXT, max_size=8))
def test_scripted_user_is_deterministic(
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
    assert first.stopping_reason is None


class Model:
    """Model with one answer or failure."""

    def __init__(self, answer: str | ModelFailed) -> None:
        self._answer = answer
        self.requests: list[ModelRequest] = []

    def answer(self, request: ModelRequest) -> ModelAnswer:
        self.requests.append(request)
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
def test_model_user_parses_the_answer(answer: str, expected: SimulatedMessage) -> None:
    model = Model(answer)
    user = ModelUser(model, "some-model")
    assert user.next_message(CASE, [Exchange("Hello", None)]) == expected
    [request] = model.requests
    sent: list[Any] = [(one.role, one.content[0]["text"]) for one in request.messages]
    assert [role for role, _ in sent] == ["user", "agent", "user"]
    assert sent[1] == ("agent", "Hello")
    assert (request.model, user.version) == ("some-model", "model-1:some-model")


@pytest.mark.parametrize("answer", ["", "{}", ModelFailed("Too busy.", retryable=True)])
def test_model_user_without_an_answer_is_unavailable(answer: str | ModelFailed) -> None:
    with pytest.raises(Unavailable):
        ModelUser(Model(answer), "some-model").next_message(CASE, [])


def test_prompt_has_all_parts_of_the_case() -> None:
    instructions = prompt(CASE)
    for text in (CASE.scenario, CASE.goal, CASE.persona, *CASE.stopping_criterias):
        assert str(text) in instructions
