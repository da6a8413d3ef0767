"""Sessions and graphs survive storing."""

from datetime import UTC, datetime
from typing import Any

from shared.core.ids import OrganizationId, RevisionId, SessionId, new_uuid
from shared.core.json import dumps, loads
from shared.playground.catalog import entry
from shared.playground.graph import Graph, graph_hash
from shared.playground.graphs import GraphRepository
from shared.playground.pinned import PinnedGraph
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import PlaygroundSessionCodec, session_store
from shared.sessions.documents import from_record, to_record
from shared.storage.records import from_item, to_item
from shared.storage.table import table
from tests.unit.playground.graphs import small

NOW = datetime(2026, 2, 3, 4, 5, 6, 789, UTC)


def a_session() -> PlaygroundSession:
    return PlaygroundSession(
        id=SessionId.new(),
        organization_id=OrganizationId.new(),
        created_at=NOW,
        updated_at=NOW,
        graph=PinnedGraph.of(Graph.model_validate(small()).document()),
        revision_id=RevisionId(new_uuid()),
        current_step_id="approve",
        completed_steps=("ask", "ask"),
        context_vars={"parcel": "7", "count": 1, "weight": 1.5, "seen": True},
        step_count=2,
        last_signal="approval_required",
        awaiting_approval=True,
    )


def test_given_a_session_in_the_middle_when_it_is_stored_then_it_is_read_as_it_was() -> None:
    session = a_session()
    codec = PlaygroundSessionCodec()

    item = to_item(to_record(codec, session), shards=3)

    assert from_record(codec, from_item(loads(dumps(item)))) == session


def test_given_a_session_that_ended_when_it_is_stored_then_it_is_read_as_it_was(
    dynamodb_table: Any,
) -> None:
    store = session_store(table())
    organization_id, session_id = OrganizationId.new(), SessionId.new()
    session = PlaygroundSession(
        id=session_id,
        organization_id=organization_id,
        created_at=NOW,
        updated_at=NOW,
        graph=entry("order-status").pinned,
        catalog_slug="order-status",
        current_step_id=None,
    )

    store.open(session)

    assert store.get(organization_id, session_id) == session


def test_given_two_writings_of_one_graph_then_it_is_stored_once(dynamodb_table: Any) -> None:
    graphs = GraphRepository(table())
    organization_id = OrganizationId.new()
    graph = Graph.model_validate(small())

    first = graphs.add(organization_id, graph)
    second = graphs.add(organization_id, Graph.model_validate(graph.normalized()))

    assert first == second
    assert graphs.get(organization_id, graph_hash(first)) == graph
    assert len(dynamodb_table.scan(TableName=table().name)["Items"]) == 1


def test_given_a_session_on_the_catalog_then_its_graph_needs_no_read(dynamodb_table: Any) -> None:
    pinned = entry("order-status").pinned

    graph = GraphRepository(table()).pinned(OrganizationId.new(), pinned.hash, "order-status")

    assert graph.name == "Order status"
