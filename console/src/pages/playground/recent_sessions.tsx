import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { $api, type Schema } from "@/api/client";
import { useDelete, useHiddenIds } from "@/api/deletions";
import { CURSOR } from "@/api/pages";
import { Button } from "@/ui/button";
import { wholeTime } from "@/ui/format";
import { LoadMore } from "@/ui/load_more";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Time } from "@/ui/time";
import { deleteSession } from "../sessions/requests";
import { StateBadge } from "./session_state";

type Session = Schema["PlaygroundSessionListResponse"];

/** Sessions, newest first; on request only those that await an approval. */
export function RecentSessions() {
  const [isAwaiting, setAwaiting] = useState(false);
  return (
    <>
      <div className="row">
        <h2 id="sessions">Sessions</h2>
        <label className="row small push check">
          <input
            type="checkbox"
            checked={isAwaiting}
            onChange={(event) => setAwaiting(event.target.checked)}
          />
          Awaiting approval only
        </label>
      </div>
      <SessionList isAwaiting={isAwaiting} />
    </>
  );
}

function SessionList({ isAwaiting }: { isAwaiting: boolean }) {
  const hidden = useHiddenIds();
  const query = { limit: 25, ...(isAwaiting && { awaiting_approval: true }) };
  const sessions = $api.useInfiniteQuery(
    "get",
    "/v1/workflow/playground/sessions",
    { params: { query } },
    CURSOR,
  );
  if (sessions.error && !sessions.data)
    return <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />;
  if (!sessions.data) return <Skeleton height="14rem" />;
  const items = sessions.data.pages
    .flatMap((page) => page.items)
    .filter((session) => !hidden.has(session.session_id));
  if (items.length === 0)
    return (
      <Empty title={isAwaiting ? "No session awaits an approval" : "No session yet"}>
        <p>Open one on a workflow of the catalog or on a revision of your own.</p>
      </Empty>
    );
  return (
    <>
      <SessionTable items={items} />
      <LoadMore pages={sessions} text="Load more sessions" />
    </>
  );
}

function SessionTable({ items }: { items: readonly Session[] }) {
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="visually-hidden">Playground sessions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Workflow</th>
            <th scope="col">State</th>
            <th scope="col">Node</th>
            <th scope="col">Opened</th>
            <th scope="col">Last turn</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((session) => (
            <SessionRow key={session.session_id} session={session} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SessionRow({ session }: { session: Session }) {
  const mayWrite = useMay("write");
  const remove = useDelete();
  const id = session.session_id;
  return (
    <tr>
      <th scope="row">
        <Link to="/playground/$sessionId" params={{ sessionId: id }}>
          <bdi>{session.graph.name}</bdi>
        </Link>
        {session.forked_from && <span className="muted small"> fork</span>}
      </th>
      <td>
        <StateBadge session={session} />
        {session.approval_deadline && (
          <div className="muted small">until {wholeTime(session.approval_deadline)}</div>
        )}
      </td>
      <td>
        <code dir="auto">{session.current_step_id ?? "–"}</code>
      </td>
      <td>
        <Time value={session.created_at} />
      </td>
      <td>
        <Time value={session.updated_at} />
      </td>
      <td>
        {mayWrite && (
          <Button
            compact
            look="quiet"
            aria-label={`Delete the session on ${session.graph.name}`}
            onClick={() =>
              remove(id, "The session", (isLeaving) =>
                deleteSession({ kind: "playground", id }, isLeaving),
              )
            }
          >
            Delete
          </Button>
        )}
      </td>
    </tr>
  );
}
