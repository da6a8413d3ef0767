import { expect, test } from "vitest";
import { ago, cost, duration } from "./format";

test.each([
  [0, "$0"],
  [0.000123, "$0.00012"],
  [0.0123, "$0.012"],
  [12.345, "$12.35"],
])("%f dollars are %s", (dollars, text) => expect(cost(dollars)).toBe(text));

test.each([
  [340, "340 ms"],
  [999.7, "1.0 s"],
  [2_100, "2.1 s"],
  [59_970, "1 min 0 s"],
  [119_700, "2 min 0 s"],
  [185_000, "3 min 5 s"],
  [7_440_000, "2 h 4 min"],
])("%d milliseconds are %s", (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

test("a time is told in the largest unit that fits", () => {
  const now = Date.parse("2026-03-01T10:00:00Z");
  expect(ago("2026-03-01T09:30:00Z", now)).toBe("30m ago");
  expect(ago("2026-02-28T10:00:00Z", now)).toBe("yesterday");
});
