/** Findings of a graph's validation, by node and by edge. */
import type { Schema } from "@/api/client";

export type Finding = Schema["ValidationFinding"];
export type Severity = Finding["severity"];

const RANK: Record<Severity, number> = { error: 0, warning: 1, suggestion: 2 };

/** Node that a finding is shown at: its own, or the one that its edge leaves. */
export function placeOf(finding: Finding): string | null {
  if (finding.node_id) return finding.node_id;
  return finding.edge_id ? endsOf(finding.edge_id)[0] : null;
}

/** Ends of an edge's id, `<index>:<from>-><to>`. */
export function endsOf(edgeId: string): [string, string] {
  const text = edgeId.slice(edgeId.indexOf(":") + 1);
  const arrow = text.indexOf("->");
  return arrow < 0 ? [text, ""] : [text.slice(0, arrow), text.slice(arrow + 2)];
}

/** Findings by the edge that they name, and by the node that they are shown at. */
export function findingsByPlace(
  findings: readonly Finding[],
  isDrawn: (edgeId: string) => boolean,
): { nodes: Map<string, Finding[]>; edges: Map<string, Finding[]> } {
  const nodes = new Map<string, Finding[]>();
  const edges = new Map<string, Finding[]>();
  for (const finding of findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity])) {
    const isAtEdge = finding.edge_id && isDrawn(finding.edge_id);
    const place = isAtEdge ? finding.edge_id : placeOf(finding);
    const found = isAtEdge ? edges : nodes;
    if (place) found.set(place, [...(found.get(place) ?? []), finding]);
  }
  return { nodes, edges };
}

export const SEVERITY_TONE = { error: "bad", warning: "warn", suggestion: "info" } as const;
