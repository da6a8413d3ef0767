/** Values of a session's variables as of a turn, and what the turn changed. */
import type { Schema } from "@/api/client";
import type { Turn } from "./path";

export type VariableRow = {
  name: string;
  type: string;
  description: string;
  /** Value at the end of the turn; undefined if it has none. */
  value: unknown;
  /** Value before the turn, if the turn set another one. */
  before: unknown;
  isChanged: boolean;
  /** Reason why the turn did not accept a value. */
  rejected?: string | undefined;
};

/**
 * Rows of the graph's variables, and of others that the session has.
 *
 * @param now The session's variables now: those that no turn set have been there from the start.
 */
export function variableRows(
  declared: readonly Schema["GraphVariable"][],
  turns: readonly Turn[],
  selected: number,
  now: Readonly<Record<string, unknown>>,
): VariableRow[] {
  const setLater = new Set(turns.flatMap((turn) => turn.nodes.flatMap((n) => Object.keys(n.set))));
  const before = new Map(Object.entries(now).filter(([name]) => !setLater.has(name)));
  const after = new Map(before);
  const rejected = new Map<string, string>();
  for (const turn of turns) {
    if (turn.turn > selected) break;
    for (const node of turn.nodes) {
      for (const [name, value] of Object.entries(node.set)) {
        if (turn.turn < selected) before.set(name, value);
        after.set(name, value);
      }
      if (turn.turn === selected)
        for (const [name, reason] of Object.entries(node.skipped)) rejected.set(name, reason);
    }
  }
  const known = new Map(declared.map((variable) => [variable.name, variable]));
  const names = new Set([...known.keys(), ...after.keys(), ...rejected.keys()]);
  return [...names].map((name) => ({
    name,
    type: known.get(name)?.type ?? "",
    description: known.get(name)?.description ?? "",
    value: after.get(name),
    before: before.get(name),
    isChanged: JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)),
    rejected: rejected.get(name),
  }));
}
