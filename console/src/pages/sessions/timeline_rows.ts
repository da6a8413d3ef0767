/** Rows of a timeline: each turn's own line, then its entries. */
import { type Entry, shows, type Turn } from "@/transcript/turns";
import type { Target } from "./filter";

export type Row =
  | { kind: "turn"; key: string; turn: Turn }
  | { kind: "entry"; key: string; turn: Turn; entry: Entry }
  | { kind: "live"; key: string; text: string };

/** Return the rows of turns; `live` is the text that is being written, null without one. */
export function rowsOf(turns: readonly Turn[], live: string | null): Row[] {
  const rows: Row[] = turns.flatMap((turn): Row[] => [
    { kind: "turn", key: `turn ${turn.id}`, turn },
    ...turn.entries.map((entry) => ({
      kind: "entry" as const,
      key: `${turn.id} ${entry.id}`,
      turn,
      entry,
    })),
  ]);
  if (live !== null) rows.push({ kind: "live", key: "live", text: live });
  return rows;
}

/** Return the index of the row that a link selects; -1 if it is not among them. */
export function indexOf(rows: readonly Row[], target: Target): number {
  let message = -1;
  return rows.findIndex((row) => {
    if (row.kind !== "entry") return false;
    const { entry } = row;
    if (target.event !== null) return shows(entry, target.event);
    if (target.sequence !== null) return entry.sequences.includes(target.sequence);
    if (entry.kind === "message") message += 1;
    return entry.kind === "message" && message === target.message;
  });
}
