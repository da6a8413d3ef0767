/** Turns of an evaluation session, from its inference results and their traces. */
import type { Schema } from "@/api/client";
import { callsOf } from "./openai_calls";
import { isFields, type Part, partsOf, textOf } from "./parts";
import { between, type Entry, type RawEvent, type Span, type Turn } from "./turns";

type Result = Schema["InferenceResult"];
type Trace = Schema["Trace"];

/** Steps that are calls: shown with what went in and what came out. */
const CALLS = new Set(["TOOL", "RETRIEVER"]);
const STATUSES: Record<Schema["ResultStatus"], Turn["status"]> = {
  PENDING: "running",
  GENERATED: "completed",
  FAILED: "failed",
  SKIPPED: "cancelled",
};

/** Return the turns of results in order; `traces` are those of any turns. */
export function evaluationTurns(results: readonly Result[], traces: readonly Trace[]): Turn[] {
  const steps = new Map<string, Trace[]>();
  for (const trace of traces) {
    const known = steps.get(trace.inferenceResultId);
    if (known) known.push(trace);
    else steps.set(trace.inferenceResultId, [trace]);
  }
  return results.map((result) => turnOf(result, steps.get(result.id) ?? []));
}

function turnOf(result: Result, traces: readonly Trace[]): Turn {
  const ended = result.createdAt;
  return {
    id: result.id,
    number: result.index + 1,
    startedAt: ended,
    durationMs: result.latency,
    spans: spansOf(result, traces),
    entries: entriesOf(result, traces),
    inputTokens: result.inputTokens,
    outputTokens: result.outputTokens ?? (result.inputTokens === null ? result.tokens : null),
    cost: result.cost,
    status: STATUSES[result.status],
    lastSequence: null,
  };
}

function entriesOf(result: Result, traces: readonly Trace[]): Entry[] {
  const sequence = result.index + 1;
  const frame = (name: string) => ({
    id: `${result.id}${name}`,
    at: result.createdAt,
    sequences: [sequence],
    eventIds: [],
  });
  const said = (role: "user" | "assistant", parts: Part[]) =>
    ({ kind: "message", role, parts, thinking: "", model: "" }) as const;
  const entries: Entry[] = [{ ...frame("-input"), ...said("user", inputOf(result.input)) }];
  const steps = traces.filter((one) => CALLS.has(one.type ?? "")).map(callOf);
  // Traces have times; without them, calls are read from the messages ahead of the answer.
  entries.push(
    ...(steps.length > 0
      ? steps
      : callsOf(newMessages(result.input)).map((call, index) => ({
          ...frame(`-call-${index}`),
          kind: "call" as const,
          call,
        }))),
  );
  if (result.actualOutput !== null) {
    // The turn's own id leads to its answer.
    entries.push({ ...frame(""), ...said("assistant", partsOf(result.actualOutput)) });
  }
  if (result.error !== null) {
    entries.push({
      ...frame("-error"),
      kind: "problem",
      title: "The turn failed",
      text: result.error,
    });
  }
  const others: RawEvent[] = traces.filter((one) => !CALLS.has(one.type ?? "")).map(rawOf);
  if (result.retrievalContext !== null) {
    const data = { retrievalContext: result.retrievalContext };
    const { id, at } = frame("-context");
    others.push({ id, at, type: "retrieval context", sequence: null, data });
  }
  if (others.length > 0) {
    const eventIds = others.map((one) => one.id);
    entries.push({ ...frame("-events"), sequences: [], eventIds, kind: "events", events: others });
  }
  return entries;
}

/** The user's message of an input, which has a form of the client's own; else the input as JSON. */
export function inputOf(input: unknown): Part[] {
  if (!isFields(input)) return [];
  const text = textOf(input.user_message);
  if (text !== null) return partsOf(text);
  if (Array.isArray(input.messages)) {
    const last = input.messages.findLast((one) => isFields(one) && one.role === "user");
    const parts = isFields(last) ? partsOf(last.content) : [];
    if (parts.length > 0) return parts;
  }
  return partsOf(JSON.stringify(input, null, 2));
}

/** Messages of an input from the last one of the user on: those before belong to earlier turns. */
function newMessages(input: unknown): unknown[] {
  if (!isFields(input) || !Array.isArray(input.messages)) return [];
  const last = input.messages.findLastIndex((one) => isFields(one) && one.role === "user");
  return input.messages.slice(last + 1);
}

function callOf(trace: Trace): Entry {
  return {
    id: trace.id,
    at: trace.startTime ?? trace.createdAt,
    sequences: [],
    eventIds: [trace.id],
    kind: "call",
    call: {
      id: trace.id,
      name: trace.name,
      args: trace.inputData,
      ...(trace.error === null && { answer: trace.outputData }),
      error: trace.error,
      durationMs: lengthOf(trace),
      status: trace.error === null ? "success" : "error",
      matched: "",
    },
  };
}

function rawOf(trace: Trace): RawEvent {
  const type = `${(trace.type ?? "step").toLowerCase()} ${trace.name}`;
  return {
    id: trace.id,
    type,
    at: trace.startTime ?? trace.createdAt,
    sequence: null,
    data: trace,
  };
}

function lengthOf(trace: Trace): number | null {
  if (trace.latencyMs !== null) return trace.latencyMs;
  return trace.startTime && trace.endTime ? between(trace.startTime, trace.endTime) : null;
}

function spansOf(result: Result, traces: readonly Trace[]): Span[] {
  const starts = traces.flatMap((one) => one.startTime ?? []).sort();
  const [first] = starts;
  const steps = traces.flatMap((trace): Span[] => {
    const length = lengthOf(trace);
    if (length === null || !trace.startTime || first === undefined) return [];
    const lane =
      trace.type === "GENERATION" ? "model" : CALLS.has(trace.type ?? "") ? "tool" : null;
    if (lane === null) return [];
    return [{ lane, name: trace.name, start: between(first, trace.startTime), length }];
  });
  // Without steps, all of a turn's time is the product's.
  if (steps.length > 0 || result.latency === null) return steps;
  return [{ lane: "model", name: "Answer", start: 0, length: result.latency }];
}
