/** Paths of what findings and nodes name, in the text of a graph. */
import type { Finding } from "./findings";

/** The place that a finding names: the path before its colon, its node, its edge, its name. */
export function pathOfFinding(finding: Finding, graph: unknown): (string | number)[] {
  const head = /^([\w.[\]]+): /.exec(finding.message)?.[1];
  const given = head === undefined ? [] : pathOfText(head);
  if (given.length > 0 && isIn(graph, given[0])) return given;
  const edge = /^(\d+):/.exec(finding.edge_id ?? "")?.[1];
  if (edge !== undefined) return ["edges", Number(edge)];
  if (finding.node_id) return pathOfNamed(graph, "nodes", "id", finding.node_id);
  const name = /^'(.+?)': /.exec(finding.message)?.[1];
  if (name === undefined) return [];
  const variable = pathOfNamed(graph, "context_variables", "name", name);
  return variable.length > 0 ? variable : ["mock_world", name];
}

const isIn = (graph: unknown, name: string | number | undefined) =>
  typeof graph === "object" && graph !== null && String(name) in graph;

/** `nodes[1].steps[0].kind` → its steps. */
function pathOfText(text: string): (string | number)[] {
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([word, index]) =>
    index === undefined ? word : Number(index),
  );
}

/** Path of the list's element whose field has a value; empty if there is none. */
export function pathOfNamed(
  graph: unknown,
  list: string,
  field: string,
  value: string,
): (string | number)[] {
  const all = (graph as Record<string, unknown> | null)?.[list];
  if (!Array.isArray(all)) return [];
  const index = all.findIndex((one) => one?.[field] === value);
  return index < 0 ? [] : [list, index];
}
