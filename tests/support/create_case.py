"""Cases of the idempotency rule: requests that create an entity, change it, and delete it.

A case is a list of requests. Braces in a path or a body name an id that an earlier request
returned; ``{it}`` is the id of the created entity.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.support.gateway import Answer, Gateway

type Ids = dict[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One request: ``route`` is method and path, ``makes`` names the id that it returns.

    ``path`` is that of the created entity, if it is not the id below the request's.
    """

    route: str
    body: Any = None
    makes: str = ""
    path: str = ""
    id_field: str = "id"

    @property
    def deletion(self) -> "Step":
        """Request that deletes the created entity."""
        path = self.path or self.route.removeprefix("POST ")
        return Step(f"DELETE {path}/{{{self.makes}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCase:
    """One way to create an entity.

    Attributes
    ----------
    body, other
        The payload, and a different valid one.
    read
        Path of a GET that shows the entity.
    parameters
        Values of the path's parameters that are no ids.
    given
        Requests that create what the entity is made from.
    changes
        Requests that change the entity, run one after the other.
    deletes
        Ways to delete the entity, each a request by itself; after the last one, what it was
        made from can be deleted too.
    origins
        Ways to change or delete what the entity is made from while the entity lives, each a
        request by itself.
    session
        The session whose purge, after its deletion, removes what is left of the entity.
    status, read_after_delete
        Expected status of the create, and of ``read`` once the entity is deleted.
    """

    route: str
    body: Any
    other: Any
    read: str
    deletes: tuple[Step, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    variant: str = ""
    given: tuple[Step, ...] = ()
    changes: tuple[Step, ...] = ()
    origins: tuple[Step, ...] = ()
    session: str = ""
    status: int = 201
    id_field: str = "id"
    read_after_delete: int = 404

    @property
    def id(self) -> str:
        return f"{self.route} ({self.variant})" if self.variant else self.route

    def prepare(self, api: Gateway) -> Ids:
        """Create what the entity is made from; return the ids."""
        ids: Ids = dict(self.parameters)
        for step in self.given:
            run(api, step, ids)
        return ids

    def create(self, api: Gateway, ids: Ids, body: Any = None) -> Answer:
        """Send the create and keep the ids that it returns: ``it``, ``it_2``, …"""
        answer = send(api, self.route, self.body if body is None else body, ids, key="k")
        if answer.status == self.status and answer.headers["content-type"] == "application/json":
            entities = answer.json if isinstance(answer.json, list) else [answer.json]
            for number, entity in enumerate(entities, 1):
                keep(ids, "it" if number == 1 else f"it_{number}", entity[self.id_field])
        return answer

    def delete_with_parents(self, api: Gateway, ids: Ids) -> None:
        """Delete the entity, and what it was made from as far as it is left."""
        run(api, self.deletes[-1], ids)
        for step in reversed(self.given):
            if step.makes:
                deleted = send(api, step.deletion.route, None, ids)
                assert deleted.status < 300 or deleted.status == 404, deleted.text

    def shown(self, api: Gateway, ids: Ids) -> Answer:
        return send(api, f"GET {self.read}", None, ids)


def run(api: Gateway, step: Step, ids: Ids, *, may_fail: bool = False) -> Answer:
    """Send a step's request, which must succeed unless it may fail."""
    answer = send(api, step.route, step.body, ids)
    succeeded = 200 <= answer.status < 300
    assert succeeded or may_fail, f"{step.route}: {answer.status} {answer.text}"
    if succeeded and step.makes:
        keep(ids, step.makes, answer.json[step.id_field])
    return answer


def send(api: Gateway, route: str, body: Any, ids: Ids, *, key: str | None = None) -> Answer:
    """Send a request with the ids filled in, under an ``Idempotency-Key`` if one is given."""
    method, url, filled_body = request_of(route, body, ids)
    return api(method, url, filled_body, headers={"idempotency-key": key} if key else None)


def request_of(route: str, body: Any, ids: Ids) -> tuple[str, str, Any]:
    """Return method, path and body with the ids filled in."""
    method, path = route.split(" ")
    filled = re.sub(r'"\{(\w+)\}"', lambda found: f'"{ids[found[1]]}"', json.dumps(body))
    return method, path.format_map(ids), json.loads(filled)


def assert_refused_as_deleted(answer: Answer) -> None:
    """Assert the refusal of a create that is repeated after the delete of its entity."""
    assert answer.status == 409, answer.text
    assert "idempotent-replayed" not in answer.headers
    if answer.json.keys() == {"error"}:  # the agents' errors have no code
        assert "deleted" in answer.json["error"]
    else:
        assert answer.json["error"] == "deleted"


def keep(ids: Ids, name: str, identifier: str) -> None:
    ids[name] = identifier
    if found := re.fullmatch(r"\w+_([0-9a-f]{32})", identifier):
        ids[f"{name}_uuid"] = str(UUID(found[1]))


def delete_of(path: str) -> Step:
    return Step(f"DELETE {path}")


def case_of(
    path: str, body: dict[str, Any], other: dict[str, Any], *, read: str = "", **more: Any
) -> CreateCase:
    """Return a case; ``other`` names the fields of the payload that differ.

    By default, the entity is read and deleted at its id below the path.
    """
    read = read or f"{path}/{{it}}"
    deletes = more.pop("deletes", (delete_of(read),))
    return CreateCase(
        route=f"POST {path}", body=body, other=body | other, read=read, deletes=deletes, **more
    )
