/** Reads and writes of workflows' revisions and their graphs. */
import { $api, api, type Schema } from "@/api/client";
import { CURSOR } from "@/api/pages";

export type Revision = Schema["WorkflowRevisionResponse"];

/** Revisions in a page; a workflow has few. */
const PAGE = 50;

export function useRevisions(workflowId: string) {
  return $api.useInfiniteQuery(
    "get",
    "/v1/workflows/{workflow_id}/revisions",
    { params: { path: { workflow_id: workflowId }, query: { limit: PAGE } } },
    CURSOR,
  );
}

const GRAPH = "/v1/workflows/revisions/{revision_id}/graph";

export type StoredGraph = {
  graph: Record<string, unknown> | null;
  /** ETag that a write of the graph is based on. */
  etag: string;
};

export const graphKey = (revisionId: string) => ["revision-graph", revisionId];

/** Read a revision's graph with its ETag. */
export async function readGraph(revisionId: string): Promise<StoredGraph> {
  const { data, response } = await api.GET(GRAPH, {
    params: { path: { revision_id: revisionId } },
  });
  return { graph: data?.compiled_graph ?? null, etag: response.headers.get("etag") ?? "" };
}

/** Put a graph into a revision; with an ETag only if the revision has not changed since. */
export async function putGraph(
  revisionId: string,
  graph: Record<string, unknown>,
  etag: string | null,
): Promise<void> {
  await api.PUT(GRAPH, {
    params: {
      path: { revision_id: revisionId },
      ...(etag && { header: { "If-Match": etag } }),
    },
    body: { compiled_graph: graph },
  });
}

/** Create a revision that is like another one but for its name and its graph. */
export async function createRevision(
  workflowId: string,
  basedOn: Revision,
  name: string,
  graph: Record<string, unknown>,
  key: string,
): Promise<Revision> {
  const { data } = await api.POST("/v1/workflows/{workflow_id}/revisions", {
    params: { path: { workflow_id: workflowId }, header: { "Idempotency-Key": key } },
    body: { name, instructions: basedOn.instructions, based_on_revision_id: basedOn.id },
  });
  if (!data) throw new Error("The API did not return the revision.");
  await putGraph(data.id, graph, null);
  return data;
}
