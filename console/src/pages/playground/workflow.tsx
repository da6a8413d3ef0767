import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMay } from "@/api/caller";
import { $api, api } from "@/api/client";
import { useDelete, useHiddenIds } from "@/api/deletions";
import { Button } from "@/ui/button";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import "./playground.css";
import { RevisionList } from "./revision_list";
import { RevisionPanel } from "./revision_panel";
import { useRevisions } from "./revisions_data";

/** A stored workflow: its revisions, and the graph of one of them. */
export default function WorkflowPage() {
  const { workflowId } = useParams({ from: "/workflows/$workflowId" });
  const workflow = $api.useQuery("get", "/v1/workflows/{workflow_id}", {
    params: { path: { workflow_id: workflowId } },
  });
  const mayWrite = useMay("write");
  if (workflow.error && !workflow.data)
    return (
      <Page title="Workflow">
        <ErrorNotice error={workflow.error} onRetry={() => void workflow.refetch()} />
      </Page>
    );
  return (
    <Page
      title={workflow.data ? workflow.data.name || "Without a name" : "Workflow"}
      lead={
        <bdi>{workflow.data?.description ?? (workflow.data ? "A stored workflow" : "Loading")}</bdi>
      }
      actions={
        <>
          <Link to="/playground" className="button">
            All workflows
          </Link>
          {mayWrite && <DeleteWorkflow id={workflowId} />}
        </>
      }
    >
      {workflow.data ? (
        <Revisions
          key={workflowId}
          workflowId={workflowId}
          activeId={workflow.data.active_revision_id ?? null}
        />
      ) : (
        <Skeleton height="40rem" />
      )}
    </Page>
  );
}

function Revisions({ workflowId, activeId }: { workflowId: string; activeId: string | null }) {
  const revisions = useRevisions(workflowId);
  const hidden = useHiddenIds();
  const search = useSearch({ from: "/workflows/$workflowId" });
  if (revisions.error && !revisions.data)
    return <ErrorNotice error={revisions.error} onRetry={() => void revisions.refetch()} />;
  if (!revisions.data) return <Skeleton height="40rem" />;
  const items = revisions.data.pages
    .flatMap((page) => page.items)
    .filter((one) => !hidden.has(one.id));
  const selected =
    items.find((one) => one.id === search.revision) ??
    items.find((one) => one.id === activeId) ??
    items[0];
  if (!selected)
    return (
      <Empty title="No revision">
        <p>The workflow has no revision. Create another workflow to begin with a graph.</p>
      </Empty>
    );
  return (
    <>
      <RevisionList
        workflowId={workflowId}
        items={items}
        activeId={activeId}
        selectedId={selected.id}
        more={revisions.hasNextPage ? () => void revisions.fetchNextPage() : undefined}
      />
      <RevisionPanel
        key={selected.id}
        workflowId={workflowId}
        revision={selected}
        isActive={selected.id === activeId}
        count={items.length}
      />
    </>
  );
}

function DeleteWorkflow({ id }: { id: string }) {
  const remove = useDelete();
  const navigate = useNavigate();
  return (
    <Button
      look="danger"
      onClick={() => {
        remove(id, "The workflow", (isLeaving) =>
          api.DELETE("/v1/workflows/{workflow_id}", {
            params: { path: { workflow_id: id } },
            keepalive: isLeaving,
          }),
        );
        void navigate({ to: "/playground" });
      }}
    >
      Delete
    </Button>
  );
}
