"""Documents of playground sessions and graphs: round trips."""

from datetime import UTC, datetime
from typing import Any

from shared.core.ids import OrganizationId, RevisionId, SessionId, new_uuid
from shared.playground.catalog import get_entry
from shared.playground.graph import Graph, graph_hash
from shared.playground.graph_repository import GraphRepository
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.sessions.documents import PlaygroundSessionCodec
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.sessions.documents import session_key
from shared.storage.records import from_item, to_item
from shared.storage.table import table
from tests.unit.playground.graphs import small

NOW = datetime(2026, 2, 3, 4, 5, 6, 789, UTC)


def new_session(**fields: Any) -> PlaygroundSession:
    ids: dict[str, Any] = {"id": SessionId.new(), "organization_id": OrganizationId.new()}
    return PlaygroundSession(**ids, created_at=NOW, updated_at=NOW, **fields)


def test_session_round_trips_through_an_item() -> None:
    session = new_session(
        graph=PinnedGraph.of(Graph.model_validate(small()).document()),
        revision_id=RevisionId(new_uuid()),
        current_step_id="approve",
        completed_steps=("ask", "ask"),
        context_vars={"parcel": "7", "count": 1, "weight": 1.5, "seen": True},
        step_count=2,
        last_signal="approval_required",
        awaiting_approval=True,
    )
    codec = PlaygroundSessionCodec()

    item = to_item(codec.to_record(session), shards=3)

    assert codec.from_record(from_item(item)) == session


def test_ended_session_round_trips_through_the_table(dynamodb_table: Any) -> None:
    pinned = get_entry("order-status").pinned
    session = new_session(graph=pinned, catalog_slug="order-status", current_step_id=None)
    store = PlaygroundSessionRepository(table())

    store.create(session_key(session.organization_id, session.id), lambda: (session, ()))

    assert store.get(session.organization_id, session.id) == session


def test_equal_graphs_are_stored_once(dynamodb_table: Any) -> None:
    graphs = GraphRepository(table())
    organization_id = OrganizationId.new()
    graph = Graph.model_validate(small())

    first = graphs.add(organization_id, graph)
    second = graphs.add(organization_id, Graph.model_validate(graph.normalized()))

    assert first == second
    assert graphs.get(organization_id, graph_hash(first)) == graph
    stored = dynamodb_table.scan(TableName=table().name)["Items"]
    assert sum(item["type"] == {"S": "graph"} for item in stored) == 1


def test_catalog_graph_needs_no_read(dynamodb_table: Any) -> None:
    pinned = get_entry("order-status").pinned

    graph = GraphRepository(table()).get_pinned(OrganizationId.new(), pinned.hash, "order-status")

    assert graph.name == "Order status"
