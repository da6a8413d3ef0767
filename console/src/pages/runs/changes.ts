/** Changes between two runs. */
import type { Schema } from "@/api/client";
import type { Tone } from "@/ui/badge";
import type { Result } from "./runs";

export type Comparison = Schema["ComparisonResponse"];
export type Item = Schema["ChangeResponse"];
export type Change = Schema["Change"];

/** In the order of a report. */
export const CHANGES: Record<Change, { text: string; sign: string; tone: Tone; hint: string }> = {
  regressed: { text: "Regressed", sign: "↓", tone: "bad", hint: "passed before" },
  flaky: { text: "Flaky", sign: "~", tone: "warn", hint: "the difference may be chance" },
  still_failing: { text: "Still failing", sign: "✗", tone: "bad", hint: "in both runs" },
  fixed: { text: "Fixed", sign: "↑", tone: "ok", hint: "failed before" },
  new: { text: "New", sign: "+", tone: "info", hint: "in this run only" },
  removed: { text: "Removed", sign: "−", tone: "plain", hint: "in the earlier run only" },
  still_passing: { text: "Still passing", sign: "✓", tone: "ok", hint: "in both runs" },
};

/** Return how many of the scenarios in both runs have a higher and a lower rate now. */
export function pairsOf(items: readonly Item[]): { both: number; better: number; worse: number } {
  const pairs = { both: 0, better: 0, worse: 0 };
  for (const { before, now } of items) {
    if (!before?.total || !now?.total) continue;
    pairs.both += 1;
    const change = now.passed / now.total - before.passed / before.total;
    if (change > 0) pairs.better += 1;
    else if (change < 0) pairs.worse += 1;
  }
  return pairs;
}

/** Return the result to look at: the first that did not pass, else the first with a session. */
export function exampleOf(results: readonly (Result | undefined)[]): Result | undefined {
  const begun = results.filter((result) => result?.session_id);
  return begun.find((result) => result?.outcome !== "passed") ?? begun[0];
}

/** A p-value with the digits that matter. */
export function pText(p: number | null): string {
  if (p === null) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(p < 0.1 ? 3 : 2);
}

/** A difference with its sign. */
export function signed(difference: number, text: (size: number) => string): string {
  if (difference === 0) return "±0";
  return `${difference > 0 ? "+" : "−"}${text(Math.abs(difference))}`;
}
