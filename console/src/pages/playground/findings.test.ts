import { expect, test } from "vitest";
import { pathOfFinding } from "./finding_places";
import { endsOf, type Finding, findingsByPlace, placeOf } from "./findings";

const GRAPH = {
  nodes: [{ id: "ask" }, { id: "pay" }],
  edges: [{ from: "ask", to: "pay" }],
  context_variables: [{ name: "amount" }],
  mock_world: { find: {} },
};
const finding = (message: string, more: Partial<Finding> = {}): Finding => ({
  severity: "error",
  rule_id: "schema",
  category: "structure",
  message,
  related_node_ids: [],
  related_edge_ids: [],
  related_spans: [],
  ...more,
});

test("a finding's path is the field before its colon", () => {
  expect(pathOfFinding(finding("nodes[1].steps[0].kind: Field required"), GRAPH)).toEqual([
    "nodes",
    1,
    "steps",
    0,
    "kind",
  ]);
});

test("a finding without a field is at its edge, its node, its variable or its tool", () => {
  const at = (message: string, more: Partial<Finding> = {}) =>
    pathOfFinding(finding(message, more), GRAPH);
  expect(at("Something.", { edge_id: "0:ask->pay" })).toEqual(["edges", 0]);
  expect(at("'pay': no conversation can reach this node.", { node_id: "pay" })).toEqual([
    "nodes",
    1,
  ]);
  expect(at("'amount': is neither read nor written.")).toEqual(["context_variables", 0]);
  expect(at("'find': is not called.")).toEqual(["mock_world", "find"]);
  expect(at("The graph is too large.")).toEqual([]);
});

test("a finding of an edge is shown at the node that it leaves", () => {
  expect(placeOf(finding("", { edge_id: "3:a->b" }))).toBe("a");
  expect(endsOf("3:a:b->c")).toEqual(["a:b", "c"]);
});

test("the worst finding of a place is the first", () => {
  const findings = [
    finding("a", { node_id: "ask", severity: "suggestion" }),
    finding("b", { node_id: "ask", severity: "error" }),
  ];
  expect(findingsByPlace(findings, () => true).nodes.get("ask")?.[0]?.message).toBe("b");
});

test("a finding of an edge that is not drawn is at the node that it leaves", () => {
  const findings = [finding("a", { edge_id: "0:ask->pay" }), finding("b", { edge_id: "1:ask->x" })];
  const { nodes, edges } = findingsByPlace(findings, (id) => id === "0:ask->pay");
  expect([...edges.keys()]).toEqual(["0:ask->pay"]);
  expect([...nodes.keys()]).toEqual(["ask"]);
});
