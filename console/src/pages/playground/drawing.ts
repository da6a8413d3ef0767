/** Drawing of a graph: nodes and links, of a stored graph or of one that is being edited. */
import { isFields } from "@/transcript/parts";

export type DrawnNode = { id: string; name: string; type: string };

export type Link = {
  /** `<index>:<from>-><to>` as in findings and traces; `approve:<node>` and `deny:<node>`. */
  id: string;
  from: string;
  to: string;
  kind: "edge" | "failure" | "approve" | "deny";
  condition: string | null;
};

export type Drawing = { entry: string; nodes: DrawnNode[]; links: Link[] };

type Fields = Record<string, unknown>;

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
const listOf = (value: unknown) => (Array.isArray(value) ? value : []);

/**
 * Return the drawing of a graph; null if the value has no nodes.
 *
 * An invalid graph is drawn as far as it can be: parts without an id and links to nodes that do
 * not exist are left out.
 */
export function drawingOf(graph: unknown): Drawing | null {
  if (!isFields(graph)) return null;
  const given = new Map<string, Fields>();
  for (const node of listOf(graph.nodes))
    if (isFields(node) && textOf(node.id) && !given.has(textOf(node.id)))
      given.set(textOf(node.id), node);
  if (given.size === 0) return null;
  const nodes = [...given].map(([id, node]) => ({
    id,
    name: textOf(node.name) || id,
    type: textOf(node.type),
  }));
  const links = [...edgeLinks(listOf(graph.edges)), ...[...given].flatMap(choices)];
  return {
    entry: textOf(graph.entry_node_id),
    nodes,
    links: links.filter((link) => given.has(link.from) && given.has(link.to)),
  };
}

function edgeLinks(edges: unknown[]): Link[] {
  return edges.flatMap((edge, index): Link[] => {
    if (!isFields(edge)) return [];
    const [from, to] = [textOf(edge.from), textOf(edge.to)];
    return [
      {
        id: `${index}:${from}->${to}`,
        from,
        to,
        kind: edge.is_failure_path === true ? "failure" : "edge",
        condition: textOf(edge.condition) || null,
      },
    ];
  });
}

function choices([id, node]: [string, Fields]): Link[] {
  if (node.type !== "approval") return [];
  return (["approve", "deny"] as const).map((kind) => ({
    id: `${kind}:${id}`,
    from: id,
    to: textOf(node[`on_${kind}`]),
    kind,
    condition: null,
  }));
}

/** Text on a link; empty if it is always taken. */
export function labelOf(link: Link): string {
  const label = { edge: "", failure: "on failure", approve: "approved", deny: "denied" }[link.kind];
  return [label, link.condition].filter(Boolean).join(": ");
}

/** Text of a node's type. */
export function typeText(type: string): string {
  const texts: Record<string, string> = {
    agent: "Agent",
    action: "Action",
    approval: "Approval",
    handoff: "Handoff",
  };
  return texts[type] ?? (type || "Unknown type");
}
