import { expect, test } from "vitest";
import { drawingOf } from "./drawing";
import { pathUpTo, reasonOf, stepsOf, type TracedNode, type Turn } from "./path";

const GRAPH = {
  entry_node_id: "ask",
  nodes: [
    { id: "ask", type: "agent" },
    { id: "check", type: "approval", on_approve: "pay", on_deny: "refuse" },
    { id: "pay", type: "action" },
    { id: "refuse", type: "action" },
  ],
  edges: [
    { from: "ask", to: "refuse", condition: "amount > 100" },
    { from: "ask", to: "check" },
  ],
};
const drawing = drawingOf(GRAPH) ?? { entry: "", nodes: [], links: [] };

const node = (node_id: string, more: Partial<TracedNode> = {}): TracedNode => ({
  node_id,
  type: "agent",
  at_ms: 0,
  took_ms: 0,
  outcome: "waiting",
  said: [],
  said_sequences: [],
  set: {},
  signals: [],
  skipped: {},
  tools: [],
  ...more,
});
const way = (to: string, edge_id: string | null, passed_over: object[] = []) => ({
  outcome: "completed" as const,
  way: { to, edge_id, because: "", condition: null, seen: {}, passed_over: passed_over as [] },
});
const passedOver = { edge_id: "0:ask->refuse", condition: "amount > 100", seen: { amount: 7 } };
const turn = (number: number, nodes: TracedNode[], more: Partial<Turn> = {}): Turn => ({
  turn: number,
  sequence: number,
  started_at: "2026-03-01T09:30:00Z",
  took_ms: 0,
  nodes,
  ...more,
});
const TURNS = [
  turn(1, [node("ask")]),
  turn(2, [node("ask", way("check", "1:ask->check", [passedOver])), node("check")]),
  turn(3, [node("check", way("refuse", null)), node("refuse", { outcome: "completed" })], {
    decision: "deny",
  }),
];

test("a session starts at the entry node", () => {
  expect(pathUpTo(TURNS, 0, drawing).current).toBe("ask");
});

test("a node that continues in the next turn is visited once", () => {
  const path = pathUpTo(TURNS, 2, drawing);
  expect([...path.visits]).toEqual([
    ["ask", [1]],
    ["check", [2]],
  ]);
  expect(path.current).toBe("check");
});

test("a link that was not taken has the reason", () => {
  const [one] = pathUpTo(TURNS, 2, drawing).notTaken.values();
  expect(one?.link.to).toBe("refuse");
  expect(one && reasonOf(one)).toBe("amount > 100 was false: amount = 7.");
});

test("links of earlier turns are taken, and not in the selected turn", () => {
  const { taken, notTaken, current } = pathUpTo(TURNS, 3, drawing);
  expect([...taken]).toEqual([
    ["1:ask->check", false],
    ["deny:check", true],
  ]);
  expect(notTaken.size).toBe(0);
  expect(current).toBeNull();
});

test("an approval that needs no decision leads to its first target", () => {
  const run = turn(1, [node("check", way("pay", null)), node("pay")]);
  expect(stepsOf(run, drawing)[0]?.taken?.id).toBe("approve:check");
});
