import { expect, test } from "vitest";
import { marksOf } from "./marks";

test("what did not pass is marked at the event that decided it", () => {
  const check = { check: {}, outcome: "failed" as const, reason: "Not called.", sequence: 7 };
  const criterion = {
    description: "Is friendly.",
    scale: "boolean" as const,
    outcome: "failed" as const,
    score: 0,
    reason: "It is curt.",
    evidence: [
      { quote: "a", sequence: null },
      { quote: "b", sequence: 7 },
    ],
  };
  const marks = marksOf({
    checks: [check, { ...check, outcome: "passed", sequence: 3 }, { ...check, sequence: null }],
    criteria: [criterion, { ...criterion, evidence: [] }],
  });
  expect([...marks.entries()]).toEqual([
    [
      7,
      [
        { outcome: "failed", text: "Not called." },
        { outcome: "failed", text: "Is friendly: It is curt." },
      ],
    ],
  ]);
});
