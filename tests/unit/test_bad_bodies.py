"""Every route with a body, sent what a program may send by mistake: refused, never a 5xx."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from local.examples import EXAMPLES
from local.examples.example import IDEMPOTENCY_KEY, KEY_ID, ORGANIZATION
from local.whole_api import routes
from shared.core.observability import logger
from shared.http.surfaces import AGENTS, PLAYGROUND, Surface
from shared.identity.wiring import identity
from shared.storage.secret import create_signing_secret
from shared.storage.table import table
from tests.support import scenarios
from tests.support.example_answers import STAND_INS
from tests.support.gateway import Answer, Gateway
from tests.support.mutations import UNKNOWN, Mutation, mutations
from tests.support.node_graphs import action, agent, approval, handoff
from tests.support.storage import (
    hooked,
    moto_table,
    restore_objects,
    stored_objects,
    stored_table,
)
from tests.unit.playground.graphs import FIND, small

REFUSALS = frozenset({400, 404, 409, 413, 422})
#: Of these the sentence names a field; the others are about a resource, or the whole body.
OF_A_FIELD = frozenset({400, 422})
_WRITES = frozenset({"PutItem", "DeleteItem", "UpdateItem", "TransactWriteItems"})


@dataclass(frozen=True)
class Route:
    """Endpoint of an example."""

    module: str
    method: str
    path: str
    surface: Surface

    takes_a_model: bool

    @property
    def url(self) -> str:
        return self.path.format(**EXAMPLES[self.module].parameters)


def _routes() -> dict[str, Route]:
    found = {}
    for route in routes():
        module = route.endpoint.__module__.removeprefix("functions.")
        method = min(route.methods or ())
        surface: Surface = route.surface  # type: ignore[attr-defined]  # of SurfaceRoute
        # A tool's arguments have no model: there are no unknown ones.
        has_model = route.body_field is not None and module != "runs.call_world_tool"
        found[module] = Route(module, method, route.path_format, surface, has_model)
    return found


ROUTES = _routes()
_REVISION = {
    "name": "r", "description": "d", "instructions": "i", "system_prompt": "s",
    "compilation_strategy": "manual", "trigger_type": "manual", "trigger_config": {"a": 1},
    "router_config_id": str(UUID(int=1)), "policy_ids": [str(UUID(int=2))],
    "router_model_settings": {
        "model": "m",
        "config": {
            "temperature": 0.5, "max_tokens": 1, "top_p": 1, "stop_sequences": ["x"],
            "reasoning_effort": "low", "request_timeout_ms": 1, "thinking_budget": 1,
        },
    },
}  # fmt: skip
_TOOL = {"kind": "api", "id": "t", "slug": "find_parcel", "output_bindings": {"place": "scan"}}
_NODE = {"name": "n", "voice_config": {"voice": "a"}, "on_failure": "f"}
_APPROVAL = {"condition": 'place == "Oslo"', "timeout_seconds": 60}
_GRAPH = small(
    nodes=[
        agent("ask", "parcel", writes=["place"], done_when="not missing(parcel)", tools=[_TOOL]),
        approval("approve", on_approve="look_up", on_deny="person", **_APPROVAL),
        action("look_up", FIND, {"id": "s", "kind": "speak", "text": "{{place}}"}),
        handoff("person", "Bye.") | _NODE,
    ]
)
#: Bodies with the fields that an example leaves out.
WHOLE: dict[str, Any] = {
    "workflows.create_workflow": {"name": "n", "description": "d", "metadata": {"a": {"b": 1}}},
    "workflows.create_revision": _REVISION | {"based_on_revision_id": None},
    "workflows.update_revision": _REVISION,
    "workflows.validate_graph": {"compiled_graph": _GRAPH},
    "scenarios.create": scenarios.WHOLE | {"source_persona_id": str(UUID(int=3))},
    "scenarios.update": {
        name: value for name, value in scenarios.WHOLE.items() if not name.startswith("source")
    },
}
WITH_BODY = [(name, EXAMPLES[name].body) for name in sorted(ROUTES) if EXAMPLES[name].body]
BODIES = [*WITH_BODY, *WHOLE.items()]


@pytest.fixture(scope="module")
def quiet_table() -> Iterator[None]:
    """One table for all tests, and no lines in the log: there are thousands of requests."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    with pytest.MonkeyPatch.context() as monkeypatch, moto_table(monkeypatch):
        yield
    logger.setLevel(level)


@pytest.fixture
def api(quiet_table: None) -> Gateway:
    """The API of the examples' organization, in an empty table."""
    _restore({})
    create_signing_secret(table())
    identity().create_organization(ORGANIZATION, "Example")
    return Gateway(organization_id=ORGANIZATION, key_id=KEY_ID)


def _prepare(api: Gateway, module: str) -> None:
    """Execute the examples that come before one."""
    for earlier in EXAMPLES[module].after:
        name, *bodies = (earlier,) if isinstance(earlier, str) else earlier
        if name in STAND_INS:
            STAND_INS[name]()
            continue
        route, headers = ROUTES[name], {} if bodies else {"Idempotency-Key": IDEMPOTENCY_KEY}
        body = bodies[0] if bodies else EXAMPLES[name].body
        answer = api(route.method, route.url, body, headers=headers)
        assert answer.status < 300, (name, answer.text)


def _restore(items: dict[str, dict[str, Any]]) -> None:
    """Set moto's table to these items: each mutation meets the same state, and a small table.

    For each transaction moto copies the whole table with its stream.
    """
    stored = stored_table()
    stored.items.clear()
    stored.items.update(_copy(items))
    stored.stream_shard.items = []


def _copy(items: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {partition: dict(records) for partition, records in items.items()}


@contextmanager
def _writes() -> Iterator[Counter[str]]:
    """Count the writes that DynamoDB accepted."""
    accepted: Counter[str] = Counter()

    def count(model: Any, http_response: Any, **_: Any) -> None:
        if model.name in _WRITES and http_response.status_code == 200:
            accepted[model.name] += 1

    with hooked("after-call.dynamodb", count):
        yield accepted


def _sentence(surface: Surface, answer: Answer) -> str:
    """Return what a refusal says, after a check of its form."""
    assert answer.headers["content-type"] == "application/json", answer
    content = answer.json
    if surface is AGENTS:
        assert set(content) == {"error"}, content
        return str(content["error"])
    if "jsonrpc" in content:
        return str(content["error"]["message"])
    if "detail" not in content:
        assert {"error", "message"} <= set(content), content
        return str(content["message"])
    assert surface is PLAYGROUND, content
    details = content["detail"]
    assert details
    assert all({"loc", "msg", "type"} <= set(one) for one in details), content
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in details)


def _faults(route: Route, mutation: Mutation, answer: Answer, writes: int) -> Iterator[str]:
    if 200 <= answer.status < 300:
        ignored = answer.headers.get("x-ignored-fields", "")
        if mutation.path == (UNKNOWN,) and route.takes_a_model and UNKNOWN not in ignored:
            yield "an unknown field is neither refused nor named"
        return
    if answer.status not in REFUSALS:
        yield f"status {answer.status}"
        return
    if writes:
        yield "refused, but something was stored"
    if answer.status == 422 and route.module == "workflows.put_graph" and "updated" in answer.json:
        return  # the findings of a graph; see the tests of its validation
    try:
        sentence = _sentence(route.surface, answer)
    except AssertionError as error:
        yield f"form of the body: {error}"
        return
    if len(answer.text) > 100_000:
        yield f"{len(answer.text)} characters"
    named = {step for step in mutation.path if isinstance(step, str)}
    if answer.status in OF_A_FIELD and named and not any(_names(sentence, one) for one in named):
        yield f"no field in: {sentence[:150]}"


def _names(sentence: str, field: str) -> bool:
    return field in sentence or f"{field.removesuffix('_id')} ID" in sentence


@pytest.mark.parametrize(("module", "body"), BODIES, ids=[name for name, _ in BODIES])
def test_mutated_body_is_refused_with_field_and_rule(api: Gateway, module: str, body: Any) -> None:
    route = ROUTES[module]
    _prepare(api, module)
    prepared = _copy(stored_table().items)
    objects = stored_objects()
    unchanged = api(route.method, route.url, body)
    assert unchanged.status < 300, unchanged.text
    faults = []
    with _writes() as writes:
        for mutation in mutations(body):
            writes.clear()
            _restore(prepared)
            restore_objects(objects)
            answer = api(route.method, route.url, raw=mutation.text)
            faults += [
                f"{mutation.name}: {fault} ({answer.status} {answer.text[:200]})"
                for fault in _faults(route, mutation, answer, writes.total())
            ]

    assert not faults, "\n".join(faults)


#: Routes that take any text.
_PLAIN_TEXT = ("agents.import_file",)
_CONTENT_TYPES = (
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "multipart/form-data", "application/xml", "application/json; charset=utf-16", "x", "", "\xff",
)  # fmt: skip


@pytest.mark.parametrize(("module", "body"), WITH_BODY, ids=[name for name, _ in WITH_BODY])
def test_body_of_another_content_type_is_read_as_json_or_refused(
    api: Gateway, module: str, body: Any
) -> None:
    route = ROUTES[module]
    _prepare(api, module)
    prepared = _copy(stored_table().items)
    faults = []
    for content_type in _CONTENT_TYPES:
        for text in (json.dumps(body), "a=b&c=d"):
            _restore(prepared)
            answer = api(route.method, route.url, raw=text, headers={"content-type": content_type})
            if answer.status in REFUSALS:
                assert "body" in _sentence(route.surface, answer)
            elif answer.status >= 300 or (text == "a=b&c=d" and module not in _PLAIN_TEXT):
                faults.append(f"{content_type} {text[:7]}: {answer.status} {answer.text[:100]}")
    assert not faults, "\n".join(faults)


_BAD_IDS = ("x", "7", "%00", "%F0%9F%98%80", "session_0", "x" * 600, "..%2F..", "null", "%20")
WITH_PARAMETERS = sorted(name for name in ROUTES if EXAMPLES[name].parameters)


@pytest.mark.parametrize("module", WITH_PARAMETERS)
def test_wrong_id_is_refused(api: Gateway, module: str) -> None:
    route, example = ROUTES[module], EXAMPLES[module]
    faults = []
    with _writes() as writes:
        for name in example.parameters:
            for bad in _BAD_IDS:
                url = route.path.format(**example.parameters | {name: bad})
                try:
                    answer = api(route.method, url, example.body)
                except LookupError:
                    continue  # no route has this path
                if answer.status not in REFUSALS:
                    faults.append(f"{url[:100]}: {answer.status} {answer.text[:100]}")
                elif answer.text:
                    _sentence(route.surface, answer)
    assert not faults, "\n".join(faults)
    assert not writes


_QUERIES = (
    "limit=0", "limit=-1", "limit=x", "limit=", "limit=1e3", "limit=" + "9" * 5_000,
    "limit=10000", "cursor=x", "cursor=", "cursor=" + "x" * 5_000, "cursor=%00", "offset=-1",
    f"{UNKNOWN}=1", "tags=" + "x" * 5_000, "created_after=soon", "sort=x", "%00=%00",
)  # fmt: skip
READS = sorted(
    name
    for name, route in ROUTES.items()
    if route.method == "GET" and name not in ("service.console", "service.docs")
)


@pytest.mark.parametrize("module", READS)
def test_wrong_query_is_refused(api: Gateway, module: str) -> None:
    route = ROUTES[module]
    _prepare(api, module)
    faults = []
    for query in _QUERIES:
        answer = api(route.method, f"{route.url}?{query}")
        if answer.status >= 300 and answer.status not in REFUSALS:
            faults.append(f"{query[:60]}: {answer.status} {answer.text[:100]}")
        elif answer.status in REFUSALS:
            assert json.loads(answer.text)
            _sentence(route.surface, answer)
    assert not faults, "\n".join(faults)
