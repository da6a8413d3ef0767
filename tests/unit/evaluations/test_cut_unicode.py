"""Texts cut within a character: stored, filtered and returned with U+FFFD, never an error."""

import json
from typing import Any

import pytest

from tests.support.evaluations import World, ids, new_turn
from tests.support.gateway import Gateway
from tests.support.unicode import is_valid

#: A JSON escape cut in half, as JavaScript's slice leaves it, and what is stored.
CUT, STORED = r"cut \ud83d", "cut \ufffd"

UPDATES = [
    ("/products", "product", '{"name": "%s", "description": "%s"}'),
    ("/versions", "version", '{"systemPrompt": "%s", "name": "%s"}'),
    ("/tests", "test", '{"metadata": {"a %s": ["%s"]}}'),
    ("/testCases", "test_case", '{"input": "%s", "context": {"%s": 1}}'),
    ("/testCases", "test_case", '{"expectedTools": ["%s"], "goal": "%s"}'),
    ("/sessions", "session", '{"context": "%s", "metadata": {"%s": 1}}'),
    ("/sessions", "session", '{"stoppingReason": "%s", "error": "%s"}'),
    ("/inferenceResults", "turn", '{"input": {"%s": 1}, "actualOutput": "%s"}'),
]


@pytest.mark.parametrize(("path", "name", "body"), UPDATES)
def test_update_with_cut_text_stores_the_replacement_character(
    api: Gateway, world: World, session: str, path: str, name: str, body: str
) -> None:
    known = vars(world) | {"session": session, "turn": new_turn(api, session)["id"]}
    url = f"{path}/{known[name]}"
    answer = api("PATCH", url, raw=body % (CUT, CUT))
    assert answer.status == 200, answer.text
    sent: dict[str, Any] = json.loads(body % (STORED, STORED))
    for field, value in sent.items():
        assert STORED in json.dumps(answer.json[field], ensure_ascii=False), (field, value)
    assert api("GET", url).json == answer.json
    assert answer.json in api("GET", path).json
    assert is_valid(answer)


def test_cut_name_and_custom_id_are_found_by_what_is_stored(api: Gateway, world: World) -> None:
    product = api("POST", "/products", raw=f'{{"name": "{CUT}"}}')
    assert product.json["name"] == STORED
    assert ids(api, "/products?names=cut%20%EF%BF%BD") == [product.json["id"]]
    # Half of a pair in UTF-8 is not valid UTF-8, and read as replacement characters.
    assert ids(api, "/products?names=cut%20%ED%A0%BD") == []
    body = f'{{"versionId": "{world.version}", "customId": "{CUT}"}}'
    session = api("POST", "/sessions", raw=body)
    assert session.status == 201
    assert api("POST", "/sessions", raw=body).status == 400
    assert ids(api, "/sessions?customIds=cut%20%EF%BF%BD") == [session.json["id"]]
