/** Turns of a playground session, from its trace. */
import type { Schema } from "@/api/client";
import type { Entry, Span, Turn } from "./turns";

type TracedTurn = Schema["TracedTurn"];
type TracedNode = Schema["TracedNode"];
type TracedTool = Schema["TracedTool"];

const NO_POSITION = { sequences: [], eventIds: [] };

/** Return the turns of a trace. The ids of their entries stay the same at each reading. */
export function playgroundTurns(traced: readonly TracedTurn[]): Turn[] {
  return traced.map((turn) => ({
    id: `turn-${turn.turn}`,
    number: turn.turn,
    startedAt: turn.started_at,
    durationMs: turn.took_ms,
    spans: turn.nodes.flatMap(spansOf),
    entries: [
      ...inputOf(turn),
      ...turn.nodes.flatMap((node, index) => entriesOf(turn, node, index)),
    ],
    inputTokens: null,
    outputTokens: null,
    cost: null,
    status: "completed",
    lastSequence: null,
  }));
}

function inputOf(turn: TracedTurn): Entry[] {
  const frame = {
    sequences: turn.sequence ? [turn.sequence] : [],
    eventIds: [],
    id: `turn-${turn.turn}-input`,
    at: turn.started_at,
  };
  if (turn.message != null) return [{ ...frame, ...message("user", turn.message) }];
  if (turn.decision == null) return [];
  const by = turn.decided_by === "deadline" ? "the deadline" : "a person";
  const text = `Decision by ${by}: ${turn.decision}${turn.note ? `. ${turn.note}` : ""}`;
  return [{ ...frame, ...message("user", text) }];
}

function message(role: "user" | "assistant", text: string) {
  const parts = [{ type: "text" as const, text }];
  return { kind: "message" as const, role, parts, thinking: "", model: "" };
}

function entriesOf(turn: TracedTurn, node: TracedNode, index: number): Entry[] {
  const id = `turn-${turn.turn}-node-${index}`;
  const at = later(turn.started_at, node.at_ms);
  const failed: Entry[] =
    node.failed == null
      ? []
      : [
          {
            ...NO_POSITION,
            id: `${id}-failed`,
            at,
            kind: "problem",
            title: `Node ${node.node_id} failed`,
            text: node.failed,
          },
        ];
  const { said, said_sequences, tools, ...rest } = node;
  return [
    ...tools.map((tool) => callOf(turn, tool)),
    ...said.map((text, place) => ({
      sequences: said_sequences?.slice(place, place + 1) ?? [],
      eventIds: [],
      id: `${id}-said-${place}`,
      at,
      ...message("assistant", text),
    })),
    ...failed,
    {
      ...NO_POSITION,
      id,
      at,
      kind: "events",
      events: [{ id, type: `node ${node.node_id}`, at, sequence: null, data: rest }],
    },
  ];
}

function callOf(turn: TracedTurn, tool: TracedTool): Entry {
  const error = tool.error ?? null;
  return {
    sequences: tool.sequence == null ? [] : [tool.sequence],
    eventIds: [],
    id: tool.tool_call_id,
    at: later(turn.started_at, tool.at_ms),
    kind: "call",
    call: {
      id: tool.tool_call_id,
      name: tool.tool,
      args: tool.arguments,
      ...(error === null && { answer: tool.output ?? null }),
      error,
      durationMs: tool.delay_ms || tool.took_ms,
      status: error === null ? "success" : "error",
      matched: tool.matched ?? "",
    },
  };
}

function spansOf(node: TracedNode): Span[] {
  const name = `Node ${node.node_id}`;
  return [
    { lane: "model", name, start: node.at_ms, length: node.took_ms },
    ...node.tools.map((tool) => ({
      lane: "tool" as const,
      name: tool.tool,
      start: tool.at_ms,
      length: tool.took_ms,
    })),
  ];
}

const later = (time: string, milliseconds: number) =>
  new Date(new Date(time).getTime() + milliseconds).toISOString();
