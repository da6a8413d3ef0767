/** Tool calls with their answers in chat messages of OpenAI's form. */
import { isFields, textOf } from "./parts";
import type { Call } from "./turns";

/** Return the calls of messages, in order, each with the answer that names it. */
export function callsOf(messages: readonly unknown[]): Call[] {
  const calls = new Map<string, Call>();
  for (const message of messages) {
    if (!isFields(message)) continue;
    if (Array.isArray(message.tool_calls)) {
      for (const call of message.tool_calls) add(calls, call);
    }
    const answered = calls.get(textOf(message.tool_call_id) ?? "");
    if (answered === undefined) continue;
    answered.answer = message.content;
    answered.status = "success";
  }
  return [...calls.values()];
}

function add(calls: Map<string, Call>, call: unknown): void {
  if (!isFields(call) || !isFields(call.function)) return;
  const id = textOf(call.id) ?? String(calls.size);
  calls.set(id, {
    id,
    name: textOf(call.function.name) ?? "",
    args: call.function.arguments,
    error: null,
    durationMs: null,
    status: "open",
    matched: "",
  });
}
