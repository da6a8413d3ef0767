import { expect, test } from "vitest";
import { exampleOf, type Item, pairsOf, pText, signed } from "./changes";
import type { Result } from "./runs";

const item = (before: [number, number] | null, now: [number, number] | null) => {
  const tally = (one: [number, number] | null) => one && { passed: one[0], total: one[1] };
  return { before: tally(before), now: tally(now) } as Item;
};

test("scenarios of both runs are counted as better or worse", () => {
  const items = [
    item([1, 3], [3, 3]),
    item([2, 4], [1, 2]),
    item([1, 1], [0, 1]),
    item(null, [1, 1]),
  ];
  expect(pairsOf(items)).toEqual({ both: 3, better: 1, worse: 1 });
});

test("the example of a scenario is a repeat that did not pass", () => {
  const result = (number: number, outcome: string | null, session: string | null = "s") =>
    ({ number, outcome, session_id: session }) as Result;
  expect(exampleOf([result(0, "passed"), undefined, result(2, "failed")])?.number).toBe(2);
  expect(exampleOf([result(0, null, null), result(1, "passed")])?.number).toBe(1);
  expect(exampleOf([])).toBeUndefined();
});

test.each([
  [1, "1.00"],
  [0.0433, "0.043"],
  [0.00001, "< 0.001"],
  [null, "–"],
])("a p-value of %s is %s", (p, text) => expect(pText(p)).toBe(text));

test("a difference has its sign", () => {
  const text = (size: number) => `${size} s`;
  expect([signed(2, text), signed(-2, text), signed(0, text)]).toEqual(["+2 s", "−2 s", "±0"]);
});
