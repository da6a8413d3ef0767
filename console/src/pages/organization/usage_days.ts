/** Ranges of days, and the measures of usage by day. */
import type { Schema } from "@/api/client";
import { cost, count } from "@/ui/format";

export type Counts = Pick<
  Schema["UsageCounts"],
  "sessions" | "turns" | "input_tokens" | "output_tokens" | "cost"
>;
export type Day = Schema["DayUsage"];
export type Measure = keyof typeof MEASURES;

export const sessionsOf = ({ sessions }: Counts) =>
  sessions.agent + sessions.playground + sessions.evaluation;
const tokensOf = (counts: Counts) => counts.input_tokens + counts.output_tokens;

/** Measures of the chart: name, value of a day, and value as text. */
export const MEASURES = {
  sessions: { name: "Sessions", of: sessionsOf, text: count },
  turns: { name: "Turns", of: (counts: Counts) => counts.turns, text: count },
  tokens: { name: "Tokens", of: tokensOf, text: count },
  cost: { name: "Cost", of: (counts: Counts) => counts.cost ?? 0, text: cost },
} as const;

/** Return the first of so many days, the last of which is today in UTC. */
export function firstDay(days: number, now = Date.now()): string {
  return new Date(now - (days - 1) * 86_400_000).toISOString().slice(0, 10);
}

/** Return the days on which there was something, newest first. */
export function busyDays(days: readonly Day[]): Day[] {
  return days.filter((day) => sessionsOf(day) > 0).reverse();
}

/** Return the bars of a chart: each value, and its share of the largest one. */
export function bars(days: readonly Day[], measure: Measure) {
  const { of, text } = MEASURES[measure];
  const largest = Math.max(...days.map(of), 0);
  return days.map((day) => ({
    day: day.day,
    share: largest > 0 ? of(day) / largest : 0,
    text: text(of(day)),
  }));
}

/** Return the sentence that says in words what the chart shows. */
export function summary(days: readonly Day[], measure: Measure): string {
  const { name, of, text } = MEASURES[measure];
  const most = days.reduce<Day | null>((a, b) => (a && of(a) >= of(b) ? a : b), null);
  if (!most || of(most) === 0) return `${name} by day: none.`;
  return `${name} by day: the most on ${most.day}, ${text(of(most))}.`;
}
