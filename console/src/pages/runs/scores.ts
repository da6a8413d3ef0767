/** Scores of a run from its results, as the API computes them (docs/testing-agents.md). */
import { nameOf, outcomeOf, type Result } from "./runs";

/** A scenario with a persona: its repeats are compared. */
export type Unit = {
  key: string;
  scenarioId: string;
  personaId: string | null;
  name: string;
  /** By their repeat. */
  results: Result[];
};

/** Counts of the repeats that have a verdict or an error. */
export type Tally = { passed: number; failed: number; undecided: number; errors: number };
export type Class = "failing" | "flaky" | "passing" | "open";

/** Return the units in the order of their first simulation. */
export function unitsOf(results: readonly Result[]): Unit[] {
  const found = new Map<string, Unit>();
  for (const result of results) {
    const key = unitKey(result);
    let unit = found.get(key);
    if (!unit) {
      const { scenario_id: scenarioId, persona_id: personaId } = result;
      unit = { key, scenarioId, personaId, name: "", results: [] };
      found.set(key, unit);
    }
    if (!unit.name || result.scenario_name) unit.name = nameOf(result);
    unit.results[result.repeat] = result;
  }
  return [...found.values()];
}

export function unitKey(one: { scenario_id: string; persona_id: string | null }): string {
  return `${one.scenario_id} ${one.persona_id ?? ""}`;
}

export function tallyOf(results: readonly (Result | undefined)[]): Tally {
  const tally = { passed: 0, failed: 0, undecided: 0, errors: 0 };
  for (const result of results) {
    const outcome = result && outcomeOf(result);
    if (outcome === "error") tally.errors += 1;
    else if (outcome === "passed" || outcome === "failed" || outcome === "undecided")
      tally[outcome] += 1;
  }
  return tally;
}

export const decided = (tally: Tally) =>
  tally.passed + tally.failed + tally.undecided + tally.errors;

/** Return the pass rate, null where nothing counts. */
export function rateOf(tally: Tally): number | null {
  return decided(tally) ? tally.passed / decided(tally) : null;
}

/** Passed and failed both among its repeats. */
export const isFlaky = (tally: Tally) => tally.passed > 0 && tally.failed > 0;

export function classOf(tally: Tally): Class {
  const rate = rateOf(tally);
  if (rate === null) return "open";
  if (rate === 1) return "passing";
  return rate === 0 ? "failing" : "flaky";
}

/** Return the units, those that need attention first. */
export function byNeed<T extends { tally: Tally }>(units: readonly T[]): T[] {
  const order: Class[] = ["failing", "flaky", "open", "passing"];
  return units.toSorted(
    (a, b) => order.indexOf(classOf(a.tally)) - order.indexOf(classOf(b.tally)),
  );
}

/** Return pass^k: the mean probability that k repeats of a unit all pass; null without any. */
export function passHat(tallies: readonly Tally[], k: number): number | null {
  const enough = tallies.filter((tally) => decided(tally) >= k);
  if (enough.length === 0) return null;
  const chances = enough.map((tally) => allPass(tally.passed, decided(tally), k));
  return chances.reduce((sum, one) => sum + one, 0) / enough.length;
}

/** C(passed, k) / C(total, k) */
function allPass(passed: number, total: number, k: number): number {
  let chance = 1;
  for (let drawn = 0; drawn < k; drawn += 1)
    chance *= Math.max(0, passed - drawn) / (total - drawn);
  return chance;
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

/** Return the 95 % interval of a pass rate (Wilson score), which few repeats leave wide. */
export function wilson(passed: number, total: number): [low: number, high: number] {
  const rate = passed / total;
  const weight = (Z * Z) / total;
  const middle = (rate + weight / 2) / (1 + weight);
  const half = (Z * Math.sqrt((rate * (1 - rate)) / total + weight / (4 * total))) / (1 + weight);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
