/** Runs and their simulations in words. */
import type { Schema } from "@/api/client";
import type { Tone } from "@/ui/badge";
import { count } from "@/ui/format";

export type Run = Schema["RunResponse"];
export type Result = Schema["SimulationResultResponse"];
export type ResultOutcome = Schema["ResultOutcome"];

/** A state in words, as a sign of one character, and in color. */
export type Look = { text: string; sign: string; tone: Tone };

export const RUN_STATUSES: Record<Run["status"], Look> = {
  pending: { text: "Waiting", sign: "·", tone: "plain" },
  running: { text: "Running", sign: "…", tone: "info" },
  completed: { text: "Completed", sign: "✓", tone: "accent" },
  failed: { text: "No verdicts", sign: "!", tone: "bad" },
  cancelled: { text: "Cancelled", sign: "–", tone: "warn" },
  budget_exceeded: { text: "Over budget", sign: "$", tone: "warn" },
};

export const OUTCOMES: Record<ResultOutcome, Look> = {
  passed: { text: "Passed", sign: "✓", tone: "ok" },
  failed: { text: "Failed", sign: "✗", tone: "bad" },
  undecided: { text: "Undecided", sign: "?", tone: "warn" },
  error: { text: "Error", sign: "!", tone: "bad" },
  pending: { text: "Waiting", sign: "·", tone: "plain" },
  running: { text: "Running", sign: "…", tone: "info" },
  cancelled: { text: "Cancelled", sign: "–", tone: "plain" },
  budget_exceeded: { text: "Over budget", sign: "$", tone: "plain" },
};

/** Return the verdict; without one, `error` or the status, as the filter of results has it. */
export function outcomeOf(result: Pick<Result, "outcome" | "status">): ResultOutcome {
  if (result.outcome) return result.outcome;
  if (result.status === "failed") return "error";
  return result.status === "completed" ? "undecided" : result.status;
}

/** False if nothing of the run changes any more. */
export function isLive(run: Run): boolean {
  return run.finished_at === null || run.progress.finished < run.progress.total;
}

/** A target in a few words. */
export function targetText(target: Run["target"]): string {
  const names = {
    agent_id: "Agent",
    catalog_slug: "Workflow",
    revision_id: "Revision",
    url: "Server",
  };
  for (const [field, word] of Object.entries(names)) {
    const value = target[field];
    if (typeof value === "string" && value) return `${word} ${value}`;
  }
  return "Relay";
}

/** 1 scenario, 2 scenarios */
export const counted = (number: number, noun: string) =>
  `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

/** A rate in percent with one decimal; only the whole is 100 %. */
export function rateText(rate: number | null | undefined): string {
  if (rate === null || rate === undefined) return "–";
  const text = (100 * rate).toFixed(1).replace(/\.0$/, "");
  return text === "100" && rate < 1 ? "99.9 %" : `${text} %`;
}

/** Milliseconds from the beginning of a run to its end, or to `now`; null before it begins. */
export function elapsed(run: Run, now: number): number | null {
  if (run.started_at === null) return null;
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  return Math.max(0, end - Date.parse(run.started_at));
}

/** The name of a scenario when it ran; its id where it has none. */
export function nameOf(one: { scenario_name: string; scenario_id: string }): string {
  return one.scenario_name || `Scenario ${one.scenario_id}`;
}

/** A reason of a result, and the sequence of the event that it names. */
export function reasonOf(reason: string): { text: string; sequence: number | null } {
  const found = /^(.*) \(event (\d+)\)$/s.exec(reason);
  if (!found) return { text: reason, sequence: null };
  return { text: found[1] ?? "", sequence: Number(found[2]) };
}

/** Pause before the next request in milliseconds: a quarter of the time without a change. */
export function pollingPause(changedAt: number, now: number): number {
  return Math.min(10_000, Math.max(1_000, (now - changedAt) / 4));
}
