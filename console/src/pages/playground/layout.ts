/** Places of a drawing's nodes and links, by dagre: in layers from top to bottom. */
import { Graph, layout as layOut } from "@dagrejs/dagre";
import { type Drawing, type Link, labelOf } from "./drawing";

export type Point = { x: number; y: number };
export type Places = {
  /** Upper left corner of each node. */
  nodes: ReadonlyMap<string, Point>;
  /** Corners of each link's line, and the center of its label. */
  links: ReadonlyMap<string, { points: Point[]; label: Point }>;
};

export const NODE = { width: 190, height: 54 };
/** Characters of a label that are drawn; the whole text is in the details. */
const LABEL = 26;
const CHARACTER = 6.2;

export const shortLabel = (text: string) =>
  text.length > LABEL ? `${text.slice(0, LABEL - 1)}…` : text;

/** Nodes of a graph whose long links are left out of the layers. */
const MANY = 40;
/** Layers that a link of such a graph may span: each one costs a node in dagre's layers. */
const SPAN = 4;

/**
 * Lay a drawing out.
 *
 * In a large graph the links that span many layers do not take part, and are drawn as curves past
 * the nodes: a graph of 200 nodes is laid out in less than a second.
 */
export function placesOf(drawing: Drawing): Places {
  const isShort = shortLinks(drawing);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 26, ranksep: 34, edgesep: 14 });
  for (const node of drawing.nodes) graph.setNode(node.id, { ...NODE });
  for (const link of drawing.links.filter(isShort)) {
    const label = shortLabel(labelOf(link));
    const size = label ? { width: label.length * CHARACTER + 10, height: 20 } : {};
    graph.setEdge(link.from, link.to, { labelpos: "c", ...size }, link.id);
  }
  layOut(graph);
  const nodes = new Map(
    drawing.nodes.map(({ id }) => {
      const { x, y } = graph.node(id) as Point;
      return [id, { x: x - NODE.width / 2, y: y - NODE.height / 2 }] as const;
    }),
  );
  const links = new Map(
    drawing.links.map((link) => {
      if (!isShort(link)) return [link.id, curve(nodes.get(link.from), nodes.get(link.to))];
      const placed = graph.edge(link.from, link.to, link.id) as Partial<Point> & {
        points: Point[];
      };
      const middle = placed.points[Math.floor(placed.points.length / 2)] ?? { x: 0, y: 0 };
      const label = { x: placed.x ?? middle.x, y: placed.y ?? middle.y };
      return [link.id, { points: placed.points, label }];
    }),
  );
  return { nodes, links };
}

/** Return whether a link takes part in the layers. */
function shortLinks({ entry, nodes, links }: Drawing): (link: Link) => boolean {
  if (nodes.length <= MANY) return () => true;
  const next = new Map<string, string[]>();
  for (const { from, to, kind } of links)
    if (kind !== "failure") next.set(from, [...(next.get(from) ?? []), to]);
  const depth = new Map([[entry, 0]]);
  for (const [id, above] of depth)
    for (const to of next.get(id) ?? []) if (!depth.has(to)) depth.set(to, above + 1);
  return ({ from, to, kind }) => {
    const span = (depth.get(to) ?? Number.POSITIVE_INFINITY) - (depth.get(from) ?? 0);
    return kind === "failure" ? span >= 0 && span <= 1 : Math.abs(span) <= SPAN;
  };
}

/** A curve from the side of one node to the side of another. */
function curve(from: Point = { x: 0, y: 0 }, to: Point = { x: 0, y: 0 }) {
  const start = { x: from.x + NODE.width, y: from.y + NODE.height / 2 };
  const end = { x: to.x + NODE.width, y: to.y + NODE.height / 2 };
  const side = Math.max(start.x, end.x) + 30 + Math.abs(end.y - start.y) / 20;
  const middle = { x: side, y: (start.y + end.y) / 2 };
  return { points: [start, middle, end], label: { x: (side + end.x) / 2, y: middle.y } };
}

/** Return an SVG path through the points, with round corners. */
export function lineOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const last = rest.pop();
  if (!last) return "";
  const parts = [`M${at(first)}`];
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    // The curve bends at each point, and passes the middle between two of them.
    const end = next ? { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 } : last;
    parts.push(`Q${at(point)} ${at(end)}`);
  });
  if (rest.length === 0) parts.push(`L${at(last)}`);
  return parts.join(" ");
}

const at = ({ x, y }: Point) => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
