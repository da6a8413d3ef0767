/** A conversation of any kind as turns, with the same entries for all kinds. */
import type { Part } from "./parts";
import type { CallStatus } from "./tool_call";

export type Call = {
  id: string;
  name: string;
  args: unknown;
  /** Undefined without an answer. */
  answer?: unknown;
  error: string | null;
  durationMs: number | null;
  status: CallStatus;
  /** Rule that chose the answer from recorded ones; empty for a real one. */
  matched: string;
};

/** An event as its source has it, for those who want to see all. */
export type RawEvent = {
  id: string;
  type: string;
  at: string;
  sequence: number | null;
  data: unknown;
};

type Content =
  | {
      kind: "message";
      role: "user" | "assistant" | "system";
      parts: Part[];
      thinking: string;
      model: string;
    }
  | { kind: "call"; call: Call }
  | { kind: "problem"; title: string; text: string }
  /** Events that people seldom read: shown when asked for. */
  | { kind: "events"; events: RawEvent[] };

export type Entry = Content & {
  /** Id of the event: what a link to the entry has. */
  id: string;
  at: string;
  /** Positions in the log that the entry shows; empty if the source has none. */
  sequences: number[];
  /** Ids of all events that the entry shows. */
  eventIds: string[];
};

/** A time that a model or a tool took, in milliseconds from the start of the turn. */
export type Span = { lane: "model" | "tool"; name: string; start: number; length: number };

export type Turn = {
  id: string;
  /** Number of the turn; null where earlier turns are not loaded. */
  number: number | null;
  startedAt: string;
  durationMs: number | null;
  spans: Span[];
  entries: Entry[];
  inputTokens: number | null;
  outputTokens: number | null;
  cost: number | null;
  status: "running" | "completed" | "failed" | "cancelled" | null;
  /** Sequence of the turn's last event, at which a fork may begin; null if it has none. */
  lastSequence: number | null;
};

/** Return whether an entry shows the event with this id. */
export const shows = (entry: Entry, eventId: string) =>
  entry.id === eventId || entry.eventIds.includes(eventId);

/** Milliseconds between two times; 0 for times in the wrong order. */
export const between = (start: string, end: string) =>
  Math.max(0, new Date(end).getTime() - new Date(start).getTime());

/** All calls of turns, oldest first. */
export const callsOf = (turns: readonly Turn[]): Call[] =>
  turns.flatMap((turn) =>
    turn.entries.flatMap((entry) => (entry.kind === "call" ? entry.call : [])),
  );

/** Calls of turns without an answer, oldest first. */
export const openCalls = (turns: readonly Turn[]): Call[] =>
  callsOf(turns).filter((call) => call.status === "open");

/** The longest duration of turns: the length of the axis on which all of them are drawn. */
export const longest = (turns: readonly Turn[]) =>
  turns.reduce((length, turn) => Math.max(length, turn.durationMs ?? 0), 0);
