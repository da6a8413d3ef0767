/** Warnings about a draft: content that it lacks. */
import type { Schema } from "@/api/client";
import { isFields } from "@/transcript/parts";

const NO_ANSWER = "No answer was recorded in the session.";
const NOT_KEPT = "The recorded answer could not be kept in a draft.";
/** Lines of a journey about what is not there. */
const LEFT_OUT = /^\[(.*left out.*)\]$/gm;

/** Return warnings about a draft from a session with so many messages of its user. */
export function warningsOf(draft: Schema["ScenarioDraft"], messages: number | null): string[] {
  const warnings = [...(draft.journey ?? "").matchAll(LEFT_OUT)].map((match) => match[1] ?? "");
  const world = Object.entries(draft.mock_world ?? {});
  if (world.length === 0)
    warnings.push("The session has no tool calls: the mock world is empty, and tools fail in it.");
  for (const [tool, entry] of world) {
    const text = JSON.stringify(entry);
    if (isFields(entry) && Array.isArray(entry.calls) && entry.calls.length === 0)
      warnings.push(`No call of ${tool} fits: the tool answers nothing.`);
    else if (text.includes(NOT_KEPT))
      warnings.push(`An answer of ${tool} was too large, or was not read for personal data.`);
    else if (text.includes(NO_ANSWER))
      warnings.push(`A call of ${tool} has no answer in the session.`);
  }
  const turns = draft.user_turns?.length ?? 0;
  if (turns === 0) warnings.push("No message of the user is kept: a simulated user needs a model.");
  else if (messages !== null && turns < messages)
    warnings.push(`${turns} of the ${messages} messages of the user are kept.`);
  return warnings;
}
