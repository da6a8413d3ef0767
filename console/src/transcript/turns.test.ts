import { describe, expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { agentTurns } from "./agent_turns";
import { evaluationTurns, inputOf } from "./evaluation_turns";
import { playgroundTurns } from "./playground_turns";
import { longest, openCalls, shows } from "./turns";

type Event = Schema["Event"];
let sequence = 0;

function event(type: string, data: Event["data"], second = 0, input = "message_1"): Event {
  sequence += 1;
  return {
    id: `event_${sequence}`,
    type,
    data,
    sequence,
    session_id: "session_1",
    ts: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    context: { input_message_id: input },
  };
}

const said = (text: string) => ({ message: { content: [{ type: "text", text }] } });

function turn(input: string): Event[] {
  return [
    event("input.message", said("Hello"), 0, input),
    event("turn.started", {}, 1, input),
    event("output.message.completed", { ...said("Hi"), metadata: { model: "m" } }, 3, input),
    event("reason.completed", { duration_ms: 2000 }, 3, input),
    event("tool.started", { tool_call_id: "c", tool_name: "find", arguments: { a: 1 } }, 3, input),
    event(
      "tool.completed",
      {
        tool_call_id: "c",
        tool_name: "find",
        status: "success",
        duration_ms: 500,
        result: [{ type: "text", text: "found" }],
      },
      4,
      input,
    ),
    event(
      "turn.completed",
      { duration_ms: 3000, usage: { input_tokens: 10, output_tokens: 5 } },
      4,
      input,
    ),
  ];
}

describe("turns of an agent session", () => {
  test("a turn has its messages, calls, tokens and spans", () => {
    sequence = 0;
    const [one, two] = agentTurns([...turn("a"), ...turn("b")]);
    expect(one?.entries.map((entry) => entry.kind)).toEqual([
      "message",
      "message",
      "call",
      "events",
    ]);
    expect(one).toMatchObject({
      status: "completed",
      durationMs: 3000,
      inputTokens: 10,
      outputTokens: 5,
      lastSequence: 7,
      spans: [
        { lane: "model", start: 0, length: 2000 },
        { lane: "tool", start: 2500, length: 500 },
      ],
    });
    expect(one?.entries[2]).toMatchObject({
      call: { name: "find", args: { a: 1 }, answer: "found", status: "success" },
      eventIds: ["event_5", "event_6"],
      sequences: [5, 6],
    });
    expect(two?.id).toBe("b");
    expect(longest([one, two].flatMap((each) => each ?? []))).toBe(3000);
  });

  test("a message that waits during a turn belongs to its own turn", () => {
    const [first, ...others] = turn("a");
    const events = [first, event("input.message", said("Next"), 1, "b"), ...others];
    const turns = agentTurns(events.flatMap((one) => one ?? []));
    expect(turns.map((one) => one.id)).toEqual(["a", "b"]);
    expect(turns[1]?.entries).toHaveLength(1);
  });

  test("an answer without its call, at the edge of what is loaded, is a call", () => {
    const [, , , , , completed] = turn("a");
    const [only] = agentTurns(completed ? [completed] : []);
    expect(only?.entries[0]).toMatchObject({ call: { name: "find", answer: "found" } });
  });

  test("a failure is an entry, and open calls are found", () => {
    const turns = agentTurns([
      event("tool.started", { tool_call_id: "x", tool_name: "ask", arguments: {} }),
      event("turn.failed", { error: "no model" }, 2),
    ]);
    expect(openCalls(turns).map((call) => call.name)).toEqual(["ask"]);
    expect(turns[0]).toMatchObject({ status: "failed" });
    expect(turns[0]?.entries[1]).toMatchObject({ kind: "problem", text: "no model" });
  });

  test("events of an unknown form are shown as they are", () => {
    const strange = { ...event("tool.completed", { status: 1, result: null }), context: {} };
    const turns = agentTurns([strange, event("new.type", {}, 1), event("input.message", {})]);
    expect(turns.flatMap((one) => one.entries).some((one) => shows(one, strange.id))).toBe(true);
  });

  test("10,000 events are grouped at once", () => {
    const events = Array.from({ length: 1_430 }, (_, number) => turn(`m${number}`)).flat();
    const start = performance.now();
    expect(agentTurns(events)).toHaveLength(1_430);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

test("turns of a playground session have what each node said and called", () => {
  const [one] = playgroundTurns([
    {
      turn: 1,
      sequence: 1,
      message: "Hello",
      started_at: "2026-01-01T00:00:00Z",
      took_ms: 30,
      nodes: [
        {
          node_id: "ask",
          type: "agent",
          at_ms: 0,
          took_ms: 30,
          outcome: "failed",
          failed: "no answer",
          said: ["Which order?"],
          said_sequences: [5],
          set: {},
          signals: [],
          skipped: {},
          tools: [
            {
              sequence: 3,
              tool: "find",
              tool_call_id: "call_1",
              arguments: {},
              error: "not there",
              at_ms: 5,
              took_ms: 7,
              delay_ms: 0,
            },
          ],
        },
      ],
    },
  ]);
  expect(one?.entries.map((entry) => entry.kind)).toEqual([
    "message",
    "call",
    "message",
    "problem",
    "events",
  ]);
  expect(one?.entries.map((entry) => entry.sequences)).toEqual([[1], [3], [5], [], []]);
  expect(one?.spans).toHaveLength(2);
});

describe("turns of an evaluation session", () => {
  test("a user's message is found in an input of any form", () => {
    expect(inputOf({ user_message: "Hi" })).toEqual([{ type: "text", text: "Hi" }]);
    const messages = [
      { role: "user", content: "first" },
      { role: "user", content: [{ type: "text", text: "last" }] },
    ];
    expect(inputOf({ messages })).toEqual([{ type: "text", text: "last" }]);
    expect(inputOf({ query: 1 })[0]).toMatchObject({ text: expect.stringContaining("query") });
    expect(inputOf(null)).toEqual([]);
  });

  test("a turn has its answer, steps, tokens and cost", () => {
    const result = {
      id: "ir_1",
      index: 0,
      input: { user_message: "Hi" },
      actualOutput: "Hello",
      createdAt: "2026-01-01T00:00:00Z",
      latency: 800,
      inputTokens: 3,
      outputTokens: 4,
      cost: 0.01,
      error: null,
      retrievalContext: null,
      status: "GENERATED",
    } as unknown as Schema["InferenceResult"];
    const trace = {
      id: "trace_1",
      inferenceResultId: "ir_1",
      type: "TOOL",
      name: "find",
      inputData: {},
      outputData: [1],
      error: null,
      createdAt: "2026-01-01T00:00:00Z",
      startTime: "2026-01-01T00:00:00Z",
      latencyMs: 12,
    } as unknown as Schema["Trace"];
    const [one] = evaluationTurns([result], [trace]);
    expect(one).toMatchObject({ number: 1, durationMs: 800, cost: 0.01, inputTokens: 3 });
    expect(one?.entries.map((entry) => entry.kind)).toEqual(["message", "call", "message"]);
    expect(one?.entries.every((entry) => entry.kind === "call" || entry.sequences[0] === 1)).toBe(
      true,
    );
  });
});
