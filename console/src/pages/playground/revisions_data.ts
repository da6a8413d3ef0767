/** What the pages read of workflows and their revisions. */
import { $api, type Schema } from "@/api/client";
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
