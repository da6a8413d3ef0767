/** Conversations in a text: one JSON value, a list of them, or one value a line. */
import { isFields } from "@/transcript/parts";

export type Conversation = { line: number; body: Record<string, unknown> };
export type LineFault = { line: number; message: string };
export type ImportLines = { conversations: Conversation[]; faults: LineFault[] };

/** Bytes of a conversation that fit into a request. */
export const MAX_BYTES = 5_000_000;
/** First line of an exported session, and the lines of its events. */
const SESSION = /^\s*\{\s*"type"\s*:\s*"session"\s*,/;
const EVENT = /^\s*\{\s*"sequence"\s*:/;

/**
 * Return the conversations of a text, and its lines that cannot be sent.
 *
 * A list of messages alone is one conversation. One without an id gets one of its content, so
 * that a repeated import finds it again.
 */
export async function readImport(text: string): Promise<ImportLines> {
  const found: ImportLines = { conversations: [], faults: [] };
  const whole = parsed(text);
  if (isMessages(whole)) await add(found, 1, { messages: whole });
  else if (Array.isArray(whole))
    for (const [index, one] of whole.entries()) await add(found, index + 1, one);
  else if (whole !== undefined) await add(found, 1, whole);
  else
    for (const [line, content] of joinedLines(text)) {
      const value = parsed(content);
      if (value === undefined) found.faults.push({ line, message: "The line is no JSON." });
      else await add(found, line, isMessages(value) ? { messages: value } : value);
    }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isMessages(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => isFields(one) && ("role" in one || "from" in one) && !("messages" in one))
  );
}

async function add(found: ImportLines, line: number, value: unknown): Promise<void> {
  const message = faultOf(value);
  if (message) found.faults.push({ line, message });
  else {
    const conversation = value as Record<string, unknown>;
    const body =
      "id" in conversation ? conversation : { id: await idOf(conversation), ...conversation };
    found.conversations.push({ line, body });
  }
}

function faultOf(value: unknown): string {
  if (!isFields(value)) return "A conversation must be a JSON object.";
  if (new Blob([JSON.stringify(value)]).size <= MAX_BYTES) return "";
  return "The conversation exceeds 5 MB: import it with agent-sessions import.";
}

async function idOf(value: Record<string, unknown>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = [...digest.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `pasted-${hex.join("")}`;
}

/** Lines with their number, without blank ones; those of one exported session as one. */
function* joinedLines(text: string): Generator<[number, string]> {
  let session: { line: number; content: string; events: string[] } | null = null;
  const joined = ({ content, events }: { content: string; events: string[] }) =>
    events.length === 0
      ? content
      : `${content.trimEnd().slice(0, -1)},"events":[${events.join(",")}]}`;
  for (const [index, content] of text.split("\n").entries()) {
    if (session && EVENT.test(content)) {
      session.events.push(content.trim());
      continue;
    }
    if (session) yield [session.line, joined(session)];
    session = SESSION.test(content) ? { line: index + 1, content, events: [] } : null;
    if (!session && content.trim()) yield [index + 1, content];
  }
  if (session) yield [session.line, joined(session)];
}
