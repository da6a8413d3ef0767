"""Scripted model: requests whose options it ignores."""

from dataclasses import replace

from shared.llm.scripted import ScriptedModel
from tests.unit.llm.conftest import SCHEMA, request


def test_scripted_model_ignores_a_schema() -> None:
    assert ScriptedModel().answer(request(output_schema=SCHEMA)).text == "You said: hi"


def test_scripted_model_answers_in_one_piece() -> None:
    heard: list[str] = []
    answer = ScriptedModel().answer(replace(request(), on_text=heard.append))
    assert answer.text == "You said: hi"
    assert heard in ([], ["You said: hi"])
