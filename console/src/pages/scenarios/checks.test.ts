import { expect, test } from "vitest";
import {
  CHECK_TYPES,
  type Check,
  checkOf,
  emptyForm,
  formOf,
  isSameCheck,
  nameOfCheck,
  sentenceOf,
} from "./checks";

const CHECKS: Check[] = [
  { type: "tool_called", tool: "refund", arguments: { id: 1 }, min: 1, max: 1, match: "exact" },
  { type: "tool_called", tool: "refund", min: 2, match: "meaning" },
  { type: "tool_not_called", tool: "refund", match: "meaning" },
  {
    type: "tool_order",
    calls: [
      { tool: "get", match: "meaning" },
      { tool: "refund", arguments: {}, match: "meaning" },
    ],
  },
  { type: "end_state", calls: [{ tool: "refund", match: "meaning" }], tools: ["refund", "cancel"] },
  { type: "end_state", calls: [] },
  { type: "says", text: "$1059", by: "agent" },
  { type: "says_not", text: "+1 555", by: "user" },
  { type: "pattern", pattern: "(?i)refunded", by: "agent", absent: true },
  { type: "json_schema", schema: { type: "object" }, tool: "refund" },
  { type: "json_schema", schema: { type: "object" } },
  { type: "ends", reasons: ["GOAL_ACHIEVED"] },
  { type: "ends" },
  { type: "max_turns", max: 4 },
  { type: "max_tool_calls", max: 5 },
  { type: "max_tokens", max: 20_000 },
  { type: "max_seconds", max: 1.5, per: "answer" },
  { type: "max_cost_usd", max: 0.05 },
];

test.each(CHECKS)("a check is the same after its form: $type", (check) => {
  expect(checkOf(formOf(check))).toEqual({ check });
});

test.each(CHECKS)("a check has a name and a sentence: $type", (check) => {
  expect(nameOfCheck(check)).not.toBe("");
  expect(sentenceOf(check)).not.toMatch(/undefined|null|NaN/);
});

test("all kinds of the API have a form", () => {
  expect(new Set(CHECK_TYPES.map(([type]) => type))).toEqual(
    new Set(CHECKS.map((one) => one.type)),
  );
});

test.each([
  ["tool_called", "tool"],
  ["says", "text"],
  ["pattern", "text"],
  ["max_turns", "max"],
  ["max_cost_usd", "max"],
] as const)("an empty form of %s has a fault at %s", (type, place) => {
  expect(checkOf(emptyForm(type))).toMatchObject({ faults: { [place]: expect.any(String) } });
});

test("JSON that is none has a fault at its call", () => {
  const form = emptyForm("end_state");
  const [first] = form.calls;
  const calls = first ? [{ ...first, tool: "refund", args: "{" }] : [];
  expect(checkOf({ ...form, calls })).toMatchObject({
    faults: { [`calls.${first?.id}.args`]: expect.stringContaining("JSON") },
  });
  expect(checkOf({ ...emptyForm("json_schema"), schema: "[]" })).toMatchObject({
    faults: { schema: expect.any(String) },
  });
  expect(checkOf({ ...emptyForm("max_turns"), max: "1.5" })).toMatchObject({
    faults: { max: expect.stringContaining("whole") },
  });
});

test("checks are the same in any order of their fields, null or absent", () => {
  const [one] = CHECKS;
  const other = { max: 1, min: 1, match: "exact", arguments: { id: 1 }, tool: "refund" };
  expect(isSameCheck(one as Check, { ...other, type: "tool_called" } as Check)).toBe(true);
  expect(isSameCheck({ type: "ends" }, { type: "ends", reasons: null })).toBe(true);
  expect(isSameCheck({ type: "ends" }, { type: "ends", reasons: ["A"] })).toBe(false);
});
