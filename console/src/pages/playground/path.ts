/** The way of a session through its graph, up to a turn: visits, links taken and not taken. */
import type { Schema } from "@/api/client";
import type { Drawing, Link } from "./drawing";

export type Turn = Schema["TracedTurn"];
export type TracedNode = Schema["TracedNode"];

export type NotTaken = { link: Link; condition: string | null; seen: Record<string, unknown> };
export type Step = {
  node: TracedNode;
  /** Link to the next node; undefined if the turn ended here. */
  taken?: Link | undefined;
  notTaken: NotTaken[];
};

export type Path = {
  /** Numbers of a node's visits; a node that continues in the next turn is visited once. */
  visits: ReadonlyMap<string, number[]>;
  /** Nodes that ran in the selected turn. */
  inTurn: ReadonlySet<string>;
  /** Links taken, and whether in the selected turn. */
  taken: ReadonlyMap<string, boolean>;
  /** Links that the selected turn did not take. */
  notTaken: ReadonlyMap<string, NotTaken>;
  /** Node that awaits the user or a decision; null at the end of the session. */
  current: string | null;
};

/** Steps of one turn with the links that were taken and not taken. */
export function stepsOf(turn: Turn, drawing: Drawing): Step[] {
  const links = new Map(drawing.links.map((link) => [link.id, link]));
  return turn.nodes.map((node) => {
    const way = node.way;
    if (!way) return { node, notTaken: [] };
    const choice = turn.decision === "deny" && node === turn.nodes[0] ? "deny" : "approve";
    const taken = links.get(way.edge_id ?? `${choice}:${node.node_id}`);
    const notTaken = way.passed_over.flatMap((passed) => {
      const link = links.get(passed.edge_id);
      return link ? [{ link, condition: passed.condition, seen: passed.seen }] : [];
    });
    return { node, taken, notTaken };
  });
}

/** The path up to a turn, whose links are told apart. */
export function pathUpTo(turns: readonly Turn[], selected: number, drawing: Drawing): Path {
  const visits = new Map<string, number[]>();
  const inTurn = new Set<string>();
  const taken = new Map<string, boolean>();
  const notTaken = new Map<string, NotTaken>();
  let current: string | null = drawing.entry;
  let number = 0;
  let last: TracedNode | undefined;
  for (const turn of turns) {
    if (turn.turn > selected) break;
    const isSelected = turn.turn === selected;
    for (const step of stepsOf(turn, drawing)) {
      const id = step.node.node_id;
      const continues = last?.node_id === id && last.outcome === "waiting";
      if (!continues) {
        number += 1;
        visits.set(id, [...(visits.get(id) ?? []), number]);
      }
      if (isSelected) inTurn.add(id);
      if (step.taken) taken.set(step.taken.id, isSelected || taken.get(step.taken.id) === true);
      if (isSelected) for (const one of step.notTaken) notTaken.set(one.link.id, one);
      current = step.node.outcome === "waiting" ? id : null;
      last = step.node;
    }
  }
  return { visits, inTurn, taken, notTaken, current };
}

/** Characters of a value within a sentence. */
const SHOWN = 160;

/** The values that a condition was evaluated on: `amount = 240, total = 261.5`. */
export function seenText(seen: Record<string, unknown>): string {
  return Object.entries(seen)
    .map(([name, value]) => {
      const text = valueText(value);
      return `${name} = ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`;
    })
    .join(", ");
}

/** A value as JSON, on one line; a missing one has no value. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "no value";
  return JSON.stringify(value);
}

/** Sentence for a link that was not taken. */
export function reasonOf({ condition, seen }: NotTaken): string {
  if (condition === null) return "Another edge came first.";
  const values = seenText(seen);
  return `${condition} was false${values && `: ${values}`}.`;
}
