import schemas from "virtual:graph-schema";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { emptyGraph } from "./create_workflow";
import { GraphEditor } from "./graph_editor";
import { printJson } from "./graph_text";
import { graphKey, type Revision, readGraph } from "./revisions_data";
import { withoutDefaults } from "./schema";

export type PanelProps = {
  workflowId: string;
  revision: Revision;
  isActive: boolean;
  /** Number of the workflow's revisions, for the name of the next one. */
  count: number;
};

/** The text of a stored graph: without defaults, so that what is set can be seen. */
export const textOf = (graph: unknown) => `${printJson(withoutDefaults(schemas, graph))}\n`;

/** The graph of a revision, to look at and to change. */
export function RevisionPanel(props: PanelProps) {
  const { revision } = props;
  const stored = useQuery({
    queryKey: graphKey(revision.id),
    queryFn: () => readGraph(revision.id),
    // A newer graph must not replace a text that is being edited, nor the version that a write is
    // based on: the write finds it out.
    enabled: ({ state }) => state.data === undefined,
    gcTime: 0,
  });
  const text = useMemo(
    () => textOf(stored.data?.graph ?? emptyGraph(revision.name || "Workflow")),
    [stored.data, revision.name],
  );
  if (stored.error && !stored.data)
    return <ErrorNotice error={stored.error} onRetry={() => void stored.refetch()} />;
  if (!stored.data) return <Skeleton height="40rem" />;
  return <GraphEditor {...props} stored={stored.data} storedText={text} />;
}
