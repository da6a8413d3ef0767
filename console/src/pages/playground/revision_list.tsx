import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { api } from "@/api/client";
import { useDelete } from "@/api/deletions";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Time } from "@/ui/time";
import { useToasts } from "@/ui/toasts";
import type { Revision } from "./revisions_data";
import { useOpenSession } from "./use_open_session";

type Props = {
  workflowId: string;
  items: readonly Revision[];
  activeId: string | null;
  selectedId: string;
  more: (() => void) | undefined;
};

/** The revisions of a workflow; one is shown, one may be active. */
export function RevisionList({ workflowId, items, activeId, selectedId, more }: Props) {
  return (
    <section className="stack" aria-labelledby="revisions">
      <h2 id="revisions">Revisions</h2>
      <ul className="revisions">
        {items.map((revision) => (
          <li key={revision.id} className="row">
            <Link
              to="/workflows/$workflowId"
              params={{ workflowId }}
              search={{ revision: revision.id }}
              aria-current={revision.id === selectedId ? "true" : undefined}
            >
              <bdi>{revision.name || "Without a name"}</bdi>
            </Link>
            {revision.id === activeId && <Badge tone="ok">Active</Badge>}
            {revision.compilation_status === "pending" && <Badge>No graph</Badge>}
            <span className="muted small">
              Changed <Time value={revision.updated_at} />
            </span>
            <RevisionActions {...{ workflowId, revision }} isActive={revision.id === activeId} />
          </li>
        ))}
      </ul>
      {more && (
        <div>
          <Button compact onClick={more}>
            Load more revisions
          </Button>
        </div>
      )}
    </section>
  );
}

function RevisionActions({
  workflowId,
  revision,
  isActive,
}: {
  workflowId: string;
  revision: Revision;
  isActive: boolean;
}) {
  const mayWrite = useMay("write");
  const { open, opening } = useOpenSession();
  const remove = useDelete();
  const hasGraph = revision.compilation_status === "compiled";
  if (!mayWrite) return null;
  return (
    <span className="row push">
      {hasGraph && (
        <Button
          compact
          busy={opening !== null}
          aria-label={`Open a session: ${revision.name}`}
          onClick={() => void open({ revision_id: revision.id })}
        >
          Open a session
        </Button>
      )}
      {hasGraph && !isActive && <Activate workflowId={workflowId} revision={revision} />}
      {!isActive && (
        <Button
          compact
          look="quiet"
          aria-label={`Delete the revision: ${revision.name}`}
          onClick={() =>
            remove(revision.id, "The revision", (isLeaving) =>
              api.DELETE("/v1/workflows/revisions/{revision_id}", {
                params: { path: { revision_id: revision.id } },
                keepalive: isLeaving,
              }),
            )
          }
        >
          Delete
        </Button>
      )}
    </span>
  );
}

function Activate({ workflowId, revision }: { workflowId: string; revision: Revision }) {
  const [isBusy, setBusy] = useState(false);
  const queries = useQueryClient();
  const { note, noteError } = useToasts();

  async function activate() {
    setBusy(true);
    try {
      await api.POST("/v1/workflows/{workflow_id}/set-active-revision", {
        params: { path: { workflow_id: workflowId } },
        body: { revision_id: revision.id },
      });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/workflows/{workflow_id}"] });
      note({ text: "The revision is active. Its graph can no longer be replaced." });
    } catch (error) {
      noteError(error);
    }
    setBusy(false);
  }

  return (
    <Button
      compact
      busy={isBusy}
      aria-label={`Set active: ${revision.name}`}
      onClick={() => void activate()}
    >
      Set active
    </Button>
  );
}
