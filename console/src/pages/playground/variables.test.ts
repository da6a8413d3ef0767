import { expect, test } from "vitest";
import type { Turn } from "./path";
import { variableRows } from "./variables";

const turn = (number: number, set: Record<string, unknown>, skipped = {}): Turn => ({
  turn: number,
  sequence: number,
  started_at: "2026-03-01T09:30:00Z",
  took_ms: 0,
  nodes: [
    {
      node_id: "ask",
      type: "agent",
      at_ms: 0,
      took_ms: 0,
      outcome: "waiting",
      said: [],
      said_sequences: [],
      set,
      signals: [],
      skipped,
      tools: [],
    },
  ],
});
const variable = (name: string) => ({
  name,
  type: "int" as const,
  source: "derived" as const,
  enum_values: [],
  reask_cap: 3,
  description: "",
});
const DECLARED = [variable("amount"), variable("order")];
const TURNS = [
  turn(1, { amount: 1 }),
  turn(2, { amount: 2 }, { order: "not a number" }),
  turn(3, { order: 7 }),
];
const NOW = { amount: 2, order: 7, session_id: "s" };

test("a turn's change has the values before and after it", () => {
  const [amount, order, system] = variableRows(DECLARED, TURNS, 2, NOW);
  expect(amount).toMatchObject({ before: 1, value: 2, isChanged: true });
  expect(order).toMatchObject({ value: undefined, isChanged: false, rejected: "not a number" });
  expect(system).toMatchObject({ name: "session_id", value: "s", isChanged: false });
});

test("before the first turn only the service's variables have values", () => {
  const rows = variableRows(DECLARED, TURNS, 0, NOW);
  expect(rows.map((row) => row.value)).toEqual([undefined, undefined, "s"]);
});

test("values of undeclared variables are shown", () => {
  const rows = variableRows([], TURNS, 3, NOW);
  expect(rows.map((row) => row.name).sort()).toEqual(["amount", "order", "session_id"]);
});
