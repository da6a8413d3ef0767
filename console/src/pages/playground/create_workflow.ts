/** A new workflow: the workflow, its first revision, and the revision's graph. */
import { api } from "@/api/client";

export type NewWorkflowFields = {
  name: string;
  description: string;
  /** Slug of a catalog workflow; empty for an own graph. */
  graph: string;
};

/** The smallest graph that can be talked to. */
export const emptyGraph = (name: string) => ({
  name,
  entry_node_id: "ask",
  context_variables: [
    { name: "topic", type: "string", description: "the subject of the question" },
  ],
  nodes: [
    {
      id: "ask",
      type: "agent",
      name: "Ask",
      instructions: "Find out what it is about.",
      required_writes: ["topic"],
    },
    {
      id: "hand_over",
      type: "handoff",
      name: "Hand over",
      static_text: "I am handing you over to a colleague.",
    },
  ],
  edges: [{ from: "ask", to: "hand_over" }],
});

/**
 * Create a workflow with its first revision. Repeated with the same fields and key after a
 * failure, it goes on where it failed.
 */
export async function createWorkflow({ name, description, graph }: NewWorkflowFields, key: string) {
  const source = graph ? await catalogGraph(graph) : emptyGraph(name);
  const { data: workflow } = await api.POST("/v1/workflows", {
    params: { header: { "Idempotency-Key": `${key}-workflow` } },
    body: { name, description: description.trim() || null },
  });
  if (!workflow) throw new Error("The API did not return the workflow.");
  const { data: revision } = await api.POST("/v1/workflows/{workflow_id}/revisions", {
    params: {
      path: { workflow_id: workflow.id },
      header: { "Idempotency-Key": `${key}-revision` },
    },
    body: { name: "Revision 1", instructions: description },
  });
  if (!revision) throw new Error("The API did not return the revision.");
  await api.PUT("/v1/workflows/revisions/{revision_id}/graph", {
    params: { path: { revision_id: revision.id } },
    body: { compiled_graph: { ...source, name } },
  });
  return { workflow: workflow.id, revision: revision.id };
}

async function catalogGraph(slug: string) {
  const { data } = await api.GET("/v1/workflow/playground/catalog/{slug}", {
    params: { path: { slug } },
  });
  return data?.compiled_graph;
}
