import { expect, test } from "vitest";
import { failuresOf } from "./failures";
import {
  isLive,
  outcomeOf,
  pollingPause,
  type Result,
  type Run,
  rateText,
  reasonOf,
  targetText,
} from "./runs";
import { byNeed, isFlaky, passHat, tallyOf, unitsOf, wilson } from "./scores";

const result = (number: number, fields: Partial<Result> = {}): Result =>
  ({
    number,
    scenario_id: "s1",
    scenario_name: "Refund",
    persona_id: null,
    repeat: number,
    status: "completed",
    outcome: "passed",
    reasons: [],
    error: null,
    ...fields,
  }) as Result;

const tally = (passed: number, failed: number) => ({ passed, failed, undecided: 0, errors: 0 });

test.each([
  [null, "–"],
  [0, "0 %"],
  [1, "100 %"],
  [2 / 3, "66.7 %"],
  [0.9999, "99.9 %"],
])("a rate of %s is %s", (rate, text) => expect(rateText(rate)).toBe(text));

test("a target is told in a few words", () => {
  expect(targetText({ catalog_slug: "order-status" })).toBe("Workflow order-status");
  expect(targetText({ relay: true })).toBe("Relay");
});

test("a reason is parted from its event", () => {
  expect(reasonOf("It was not called (event 7)")).toEqual({
    text: "It was not called",
    sequence: 7,
  });
  expect(reasonOf("No judge model.")).toEqual({ text: "No judge model.", sequence: null });
});

test("an outcome is the verdict, else error or the status", () => {
  expect(outcomeOf({ outcome: null, status: "failed" })).toBe("error");
  expect(outcomeOf({ outcome: "failed", status: "completed" })).toBe("failed");
  expect(outcomeOf({ outcome: null, status: "cancelled" })).toBe("cancelled");
});

test("a cancelled run is live until its last simulation has ended", () => {
  const run = { finished_at: "2026-01-01T00:00:00Z", progress: { finished: 3, total: 4 } } as Run;
  expect(isLive(run)).toBe(true);
  expect(isLive({ ...run, progress: { ...run.progress, finished: 4 } })).toBe(false);
});

test("polling slows down while nothing changes", () => {
  expect([0, 20_000, 3_600_000].map((since) => pollingPause(0, since))).toEqual([
    1_000, 5_000, 10_000,
  ]);
});

test("repeats are units by scenario and persona, whatever their order", () => {
  const units = unitsOf([
    result(1, { scenario_name: "" }),
    result(0),
    result(2, { repeat: 0, persona_id: "p" }),
  ]);
  expect(units.map((unit) => [unit.name, unit.results.map((one) => one.number)])).toEqual([
    ["Refund", [0, 1]],
    ["Refund", [2]],
  ]);
});

test("a tally leaves out what did not run", () => {
  const results = [
    result(0),
    result(1, { outcome: null, status: "failed" }),
    result(2, { outcome: null, status: "cancelled" }),
    undefined,
  ];
  expect(tallyOf(results)).toEqual({ passed: 1, failed: 0, undecided: 0, errors: 1 });
});

test("pass^k is the mean chance that k repeats all pass, of units with k repeats", () => {
  const tallies = [tally(3, 1), tally(4, 0), tally(1, 0)];
  expect(passHat(tallies, 1)).toBeCloseTo((0.75 + 1 + 1) / 3);
  expect(passHat(tallies, 2)).toBeCloseTo((0.5 + 1) / 2);
  expect(passHat(tallies, 4)).toBe(0.5);
  expect(passHat(tallies, 5)).toBeNull();
});

test("the interval is that of the report", () => {
  // shared.runs.reports.plot.wilson(4, 6)
  const [low, high] = wilson(4, 6);
  expect(low).toBeCloseTo(0.29999, 4);
  expect(high).toBeCloseTo(0.90323, 4);
  expect(wilson(3, 3)[1]).toBe(1);
});

test("failing units come first", () => {
  const units = [tally(2, 0), tally(1, 1), tally(0, 2)].map((one) => ({ tally: one }));
  expect(byNeed(units).map((unit) => unit.tally.passed)).toEqual([0, 1, 2]);
  expect(units.map((unit) => isFlaky(unit.tally))).toEqual([false, true, false]);
});

test("failures are grouped by reason, the most frequent first", () => {
  const failed = { outcome: "failed" } as const;
  const failures = failuresOf([
    result(0),
    result(1, { ...failed, reasons: ["No call (event 3)", "No words"] }),
    result(2, { ...failed, reasons: ["No call (event 5)"], scenario_name: "Late" }),
    result(3, { outcome: null, status: "failed", error: "connection refused" }),
  ]);
  expect(failures.map((one) => [one.reason, one.outcome, one.cases.length])).toEqual([
    ["No call", "failed", 2],
    ["No words", "failed", 1],
    ["connection refused", "error", 1],
  ]);
  expect(failures[0]?.scenarios).toEqual(["Refund", "Late"]);
  expect(failures[0]?.cases.map((one) => one.sequence)).toEqual([3, 5]);
});
