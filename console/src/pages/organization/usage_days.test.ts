import { expect, test } from "vitest";
import { bars, busyDays, type Day, firstDay, summary } from "./usage_days";

const day = (name: string, agent: number, tokens: number, dollars: number | null): Day => ({
  day: name,
  sessions: { agent, playground: 0, evaluation: 0 },
  turns: agent,
  input_tokens: tokens,
  output_tokens: 0,
  cost: dollars,
});
const DAYS = [
  day("2026-03-01", 2, 50, null),
  day("2026-03-02", 0, 0, null),
  day("2026-03-03", 1, 100, 0.5),
];

test("a range of days ends today", () => {
  expect(firstDay(7, Date.parse("2026-03-03T23:59:00Z"))).toBe("2026-02-25");
});

test("bars are shares of the largest day", () => {
  expect(bars(DAYS, "tokens").map((bar) => bar.share)).toEqual([0.5, 0, 1]);
  expect(bars(DAYS.slice(1, 2), "cost")).toEqual([{ day: "2026-03-02", share: 0, text: "$0" }]);
});

test("the chart is told in words, and the table has the days with sessions", () => {
  expect(summary(DAYS, "sessions")).toBe("Sessions by day: the most on 2026-03-01, 2.");
  expect(summary([], "cost")).toBe("Cost by day: none.");
  expect(busyDays(DAYS).map((one) => one.day)).toEqual(["2026-03-03", "2026-03-01"]);
});
