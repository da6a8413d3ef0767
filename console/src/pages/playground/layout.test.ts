import { expect, test } from "vitest";
import { drawingOf } from "./drawing";
import { lineOf, NODE, placesOf } from "./layout";

const chain = (count: number) => ({
  entry_node_id: "n0",
  nodes: Array.from({ length: count }, (_, n) => ({ id: `n${n}`, type: "agent" })),
  edges: Array.from({ length: count - 1 }, (_, n) => ({ from: `n${n}`, to: `n${n + 1}` })),
});

function placed(graph: unknown) {
  const drawing = drawingOf(graph);
  if (!drawing) throw new Error("no drawing");
  return placesOf(drawing);
}

test("a node stands below the one that leads to it", () => {
  const { nodes } = placed(chain(3));
  expect(nodes.get("n1")?.y).toBeGreaterThan((nodes.get("n0")?.y ?? 0) + NODE.height);
  expect(nodes.get("n2")?.y).toBeGreaterThan((nodes.get("n1")?.y ?? 0) + NODE.height);
});

test("two links between the same nodes have lines of their own", () => {
  const graph = chain(2);
  const { links } = placed({
    ...graph,
    edges: [...graph.edges, { from: "n0", to: "n1", is_failure_path: true }],
  });
  const [one, other] = [links.get("0:n0->n1"), links.get("1:n0->n1")];
  expect(one?.points).not.toEqual(other?.points);
});

test("loops and nodes without links are laid out", () => {
  const { nodes, links } = placed({
    nodes: [{ id: "a" }, { id: "b" }],
    edges: [{ from: "a", to: "a" }],
  });
  expect([...nodes.keys()]).toEqual(["a", "b"]);
  expect(links.get("0:a->a")?.points.length).toBeGreaterThan(1);
});

test("200 nodes with links across all layers do not overlap", () => {
  const graph = chain(200);
  const edges = [...graph.edges, ...graph.nodes.map((node) => ({ from: node.id, to: "n0" }))];
  const places = [...placed({ ...graph, edges }).nodes.values()];
  const taken = places.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`);
  expect(new Set(taken).size).toBe(200);
});

test("200 nodes with 1,000 links are laid out in time", () => {
  const graph = chain(200);
  const edges = Array.from({ length: 1_000 }, (_, n) => ({
    from: `n${(n * 7) % 200}`,
    to: `n${(n * 31 + 5) % 200}`,
  }));
  const begin = performance.now();
  expect(placed({ ...graph, edges }).links.size).toBe(1_000);
  // A second or two here; the limit is for the machines of CI.
  expect(performance.now() - begin).toBeLessThan(10_000);
});

test("a line passes through its ends", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 5, y: 5 },
    { x: 10, y: 0 },
  ];
  expect(lineOf(points)).toBe("M0,0 Q5,5 10,0");
  expect(lineOf(points.slice(0, 2))).toBe("M0,0 L5,5");
  expect(lineOf([])).toBe("");
});
