/** Failures of a run by their reason. */
import { nameOf, outcomeOf, type Result, type ResultOutcome, reasonOf } from "./runs";

export type Failure = {
  reason: string;
  outcome: ResultOutcome;
  scenarios: string[];
  /** Each with the event that the reason names. */
  cases: { result: Result; sequence: number | null }[];
};

const SHOWN: readonly ResultOutcome[] = ["failed", "error", "undecided"];

/** Return the reasons of the simulations that did not pass, the most frequent first. */
export function failuresOf(results: readonly Result[]): Failure[] {
  const found = new Map<string, Failure>();
  for (const result of results) {
    const outcome = outcomeOf(result);
    if (!SHOWN.includes(outcome)) continue;
    const reasons = result.error ? [result.error] : result.reasons;
    for (const { text, sequence } of reasons.map(reasonOf)) {
      const key = `${outcome} ${text}`;
      const failure = found.get(key) ?? { reason: text, outcome, scenarios: [], cases: [] };
      found.set(key, failure);
      failure.cases.push({ result, sequence });
      const name = nameOf(result);
      if (!failure.scenarios.includes(name)) failure.scenarios.push(name);
    }
  }
  return [...found.values()].toSorted((a, b) => b.cases.length - a.cases.length);
}
