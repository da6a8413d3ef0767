/** Turns of an agent session, from the events of its log. */
import type { Schema } from "@/api/client";
import { isFields, numberOf, partsOf, textOf } from "./parts";
import type { CallStatus } from "./tool_call";
import { between, type Entry, type RawEvent, type Turn } from "./turns";

type AgentEvent = Schema["Event"];

/** Types whose facts are shown in the turn's own line. */
const STATUSES: Record<string, Turn["status"]> = {
  "turn.started": "running",
  "turn.completed": "completed",
  "turn.failed": "failed",
  "turn.cancelled": "cancelled",
};
const PROBLEMS: Record<string, string> = {
  "turn.failed": "The turn failed",
  "turn.cancelled": "The turn was cancelled",
};

/**
 * Return the turns of successive events of a log.
 *
 * An event belongs to the turn that answers its message; imported events have no turn, and belong
 * to the message before them. The first turn may be a part: its beginning is not loaded.
 */
export function agentTurns(events: readonly AgentEvent[]): Turn[] {
  const builders = new Map<string, TurnBuilder>();
  let last: TurnBuilder | undefined;
  for (const event of events) {
    const key = event.context.input_message_id ?? event.context.turn_id;
    let builder = key ? builders.get(key) : last;
    if (builder === undefined) {
      builder = new TurnBuilder(key ?? event.id, event);
      builders.set(key ?? event.id, builder);
    }
    builder.add(event);
    last = builder;
  }
  return [...builders.values()].map((builder) => builder.built());
}

class TurnBuilder {
  private readonly turn: Turn;
  private readonly calls = new Map<string, Entry & { kind: "call" }>();
  private readonly others: RawEvent[] = [];
  /** Messages whose calls are still to come. */
  private ahead: AgentEvent[] = [];
  private end: string;

  constructor(id: string, first: AgentEvent) {
    this.end = first.ts;
    this.turn = {
      id,
      number: null,
      startedAt: first.ts,
      durationMs: null,
      spans: [],
      entries: [],
      inputTokens: null,
      outputTokens: null,
      cost: null,
      status: null,
      lastSequence: null,
    };
  }

  add(event: AgentEvent): void {
    const { turn } = this;
    turn.lastSequence = event.sequence ?? turn.lastSequence;
    if (event.type === "turn.started") turn.startedAt = event.ts;
    else if (event.ts > this.end) this.end = event.ts;
    turn.status = STATUSES[event.type] ?? turn.status;
    if (!this.addEntry(event)) this.others.push(rawOf(event));
    this.count(event);
  }

  built(): Turn {
    const { turn, others } = this;
    others.push(...this.ahead.map(rawOf));
    turn.durationMs ??= between(turn.startedAt, this.end);
    const first = others[0];
    if (first) {
      const sequences = others.flatMap((one) => (one.sequence === null ? [] : [one.sequence]));
      const eventIds = others.map((one) => one.id);
      // An id of its own: the first of them may change when earlier ones are loaded.
      const id = `${turn.id}-events`;
      turn.entries.push({ id, at: first.at, sequences, eventIds, kind: "events", events: others });
    }
    return turn;
  }

  /** Add what people read of an event; false if that is nothing. */
  private addEntry(event: AgentEvent): boolean {
    switch (event.type) {
      case "input.message":
      case "output.message.completed":
        return this.addMessage(event);
      case "tool.started":
        this.callOf(event).call.args = event.data.arguments;
        return true;
      case "tool.completed":
        this.answer(event);
        return true;
      case "turn.failed":
      case "turn.cancelled":
        this.turn.entries.push({
          ...frameOf(event),
          kind: "problem",
          title: PROBLEMS[event.type] ?? event.type,
          text: textOf(event.data.error) ?? textOf(event.data.reason) ?? "",
        });
        return true;
      default:
        return false;
    }
  }

  private addMessage(event: AgentEvent): boolean {
    const message = isFields(event.data.message) ? event.data.message : {};
    const parts = partsOf(message.content);
    const thinking = textOf(message.thinking) ?? "";
    // A message that only calls tools is shown by its calls.
    if (parts.length === 0 && thinking === "") {
      this.ahead.push(event);
      return true;
    }
    const metadata = isFields(event.data.metadata) ? event.data.metadata : {};
    this.turn.entries.push({
      ...frameOf(event),
      kind: "message",
      role: event.type === "input.message" ? "user" : "assistant",
      parts,
      thinking,
      model: textOf(metadata.model) ?? "",
    });
    return true;
  }

  private callOf(event: AgentEvent): Entry & { kind: "call" } {
    const id = textOf(event.data.tool_call_id) ?? event.id;
    const known = this.calls.get(id);
    if (known) return known;
    const name = textOf(event.data.tool_name) ?? "";
    const call = { id, name, args: undefined, error: null, durationMs: null, matched: "" };
    const entry: Entry & { kind: "call" } = {
      ...frameOf(event),
      kind: "call",
      call: { ...call, status: "open" },
    };
    for (const message of this.ahead) {
      entry.eventIds.push(message.id);
      if (message.sequence !== null) entry.sequences.push(message.sequence);
    }
    this.ahead = [];
    this.calls.set(id, entry);
    this.turn.entries.push(entry);
    return entry;
  }

  private answer(event: AgentEvent): void {
    const entry = this.callOf(event);
    const { call } = entry;
    if (entry.id !== event.id) {
      entry.eventIds.push(event.id);
      if (event.sequence !== null) entry.sequences.push(event.sequence);
    }
    call.error = textOf(event.data.error);
    call.status = (textOf(event.data.status) as CallStatus | null) ?? "success";
    call.durationMs = numberOf(event.data.duration_ms);
    call.matched = textOf(event.data.matched) ?? "";
    if (event.data.result !== undefined) call.answer = resultOf(event.data.result);
    this.span("tool", call.name, event.ts, call.durationMs);
  }

  private count({ type, data, ts }: AgentEvent): void {
    const { turn } = this;
    if (type === "reason.completed")
      this.span("model", "Model call", ts, numberOf(data.duration_ms));
    if (type !== "turn.completed" && type !== "turn.cancelled") return;
    turn.durationMs = numberOf(data.duration_ms);
    if (!isFields(data.usage)) return;
    turn.inputTokens = numberOf(data.usage.input_tokens);
    turn.outputTokens = numberOf(data.usage.output_tokens);
  }

  private span(lane: "model" | "tool", name: string, end: string, length: number | null): void {
    if (length === null) return;
    const start = Math.max(0, between(this.turn.startedAt, end) - length);
    this.turn.spans.push({ lane, name, start, length });
  }
}

function frameOf(event: AgentEvent) {
  const sequences = event.sequence === null ? [] : [event.sequence];
  return { id: event.id, at: event.ts, sequences, eventIds: [event.id] };
}

export function rawOf(event: AgentEvent): RawEvent {
  const { id, type, ts, sequence, data } = event;
  return { id, type, at: ts, sequence, data };
}

/** The answer itself, if the result is one text. */
function resultOf(result: unknown): unknown {
  const [part, ...others] = Array.isArray(result) ? result : [result];
  if (others.length > 0) return result;
  return isFields(part) && part.type === "text" ? part.text : result;
}
