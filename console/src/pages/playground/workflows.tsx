import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { $api, type Schema } from "@/api/client";
import { useHiddenIds } from "@/api/deletions";
import { CURSOR } from "@/api/pages";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { LoadMore } from "@/ui/load_more";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Time } from "@/ui/time";
import { useRevisions } from "./revisions_data";
import { useOpenSession } from "./use_open_session";

type Workflow = Schema["WorkflowListResponse"];

/** The stored workflows; each shows its revisions on demand. */
export function Workflows() {
  const hidden = useHiddenIds();
  const workflows = $api.useInfiniteQuery(
    "get",
    "/v1/workflows",
    { params: { query: { limit: 20 } } },
    CURSOR,
  );
  if (workflows.error && !workflows.data)
    return <ErrorNotice error={workflows.error} onRetry={() => void workflows.refetch()} />;
  if (!workflows.data) return <Skeleton height="8rem" />;
  const items = workflows.data.pages
    .flatMap((page) => page.items)
    .filter((workflow) => !hidden.has(workflow.id));
  if (items.length === 0)
    return (
      <Empty title="No workflow of your own">
        <p>Create one from a graph of the catalog, change its graph, and talk to it.</p>
      </Empty>
    );
  return (
    <>
      <ul className="workflows">
        {items.map((workflow) => (
          <WorkflowItem key={workflow.id} workflow={workflow} />
        ))}
      </ul>
      <LoadMore pages={workflows} text="Load more workflows" />
    </>
  );
}

function WorkflowItem({ workflow }: { workflow: Workflow }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="panel workflow">
      <div className="row">
        <Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }}>
          <bdi>{workflow.name || "Without a name"}</bdi>
        </Link>
        {workflow.description && (
          <bdi className="muted small description">{workflow.description}</bdi>
        )}
        <span className="muted small push">
          Changed <Time value={workflow.updated_at} />
        </span>
        <Button compact aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Revisions
        </Button>
      </div>
      {isOpen && <RevisionChoice workflow={workflow} />}
    </li>
  );
}

/** The revisions of a workflow; a session is opened on one that has a graph. */
function RevisionChoice({ workflow }: { workflow: Workflow }) {
  const revisions = useRevisions(workflow.id);
  const mayWrite = useMay("write");
  const { open, opening } = useOpenSession();
  if (revisions.error)
    return <ErrorNotice error={revisions.error} onRetry={() => void revisions.refetch()} />;
  if (!revisions.data) return <Skeleton height="2.5rem" />;
  const items = revisions.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="muted small">No revisions.</p>;
  return (
    <ul className="revision-choice">
      {items.map((revision) => (
        <li key={revision.id} className="row">
          <Link
            to="/workflows/$workflowId"
            params={{ workflowId: workflow.id }}
            search={{ revision: revision.id }}
          >
            <bdi>{revision.name || "Without a name"}</bdi>
          </Link>
          {revision.id === workflow.active_revision_id && <Badge tone="ok">Active</Badge>}
          {revision.compilation_status === "pending" && <Badge>No graph</Badge>}
          {mayWrite && revision.compilation_status === "compiled" && (
            <Button
              compact
              busy={opening === revision.id}
              aria-label={`Open a session: ${revision.name}`}
              onClick={() => void open({ revision_id: revision.id })}
            >
              Open a session
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
