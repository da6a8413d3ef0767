/** Checks and criteria at the events that decided them. */
import type { Schema } from "@/api/client";

export type Mark = { outcome: Schema["Outcome"]; text: string };
type Judged = Pick<Schema["SimulationResponse"], "checks" | "criteria">;

/** Return what did not pass, by the sequence of the event to look at. */
export function marksOf({ checks, criteria }: Judged): ReadonlyMap<number, Mark[]> {
  const marks = new Map<number, Mark[]>();
  function add(sequence: number | null | undefined, mark: Mark) {
    if (sequence == null || mark.outcome === "passed") return;
    marks.set(sequence, [...(marks.get(sequence) ?? []), mark]);
  }
  for (const { sequence, outcome, reason } of checks) add(sequence, { outcome, text: reason });
  for (const { evidence, outcome, description, reason } of criteria) {
    const quoted = evidence.find((one) => one.sequence !== null);
    add(quoted?.sequence, { outcome, text: `${description.replace(/\.$/, "")}: ${reason}` });
  }
  return marks;
}
