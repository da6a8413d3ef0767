/** Checks of a scenario: their kinds, their sentences, and the forms that edit them. */
import type { Schema } from "@/api/client";
import { faultOfJson, newId } from "./world";

export type Check = Schema["ScenarioChecksRequest"]["checks"][number];
export type CheckType = Check["type"];
type Expected = Schema["CallToExpect"];

/** Kinds with their names, in the order in which people choose them. */
export const CHECK_TYPES: readonly (readonly [CheckType, string])[] = [
  ["tool_called", "A tool was called"],
  ["tool_not_called", "A tool was not called"],
  ["tool_order", "Calls were made in an order"],
  ["end_state", "These changes were made, and no others"],
  ["says", "A message has a text"],
  ["says_not", "No message has a text"],
  ["pattern", "A message matches a pattern"],
  ["json_schema", "The answer or arguments fit a schema"],
  ["ends", "The conversation ended for a reason"],
  ["max_turns", "At most so many turns"],
  ["max_tool_calls", "At most so many tool calls"],
  ["max_tokens", "At most so many tokens"],
  ["max_seconds", "At most so many seconds"],
  ["max_cost_usd", "At most so many dollars"],
];

const NAMES = new Map(CHECK_TYPES);
export const nameOfCheck = ({ type }: Check) => NAMES.get(type) ?? type;

const BY = { agent: "the agent", user: "the user" };
const UNITS: Record<string, string> = {
  max_turns: "turns",
  max_tool_calls: "tool calls",
  max_tokens: "tokens",
};

/** Return what a check demands, in one line. */
export function sentenceOf(check: Check): string {
  switch (check.type) {
    case "tool_called":
      return `${callText(check)}, ${timesText(check.min, check.max ?? null)}`;
    case "tool_not_called":
      return `${callText(check)} never`;
    case "tool_order":
      return check.calls.map(callText).join(", then ");
    case "end_state":
      return check.calls.length === 0
        ? "Nothing is changed"
        : `${check.calls.map(callText).join(", ")}, and no other change`;
    case "says":
      return `“${check.text}” by ${BY[check.by]}`;
    case "says_not":
      return `Never “${check.text}” by ${BY[check.by]}`;
    case "pattern":
      return `${check.absent ? "No message" : "A message"} of ${BY[check.by]}: ${check.pattern}`;
    case "json_schema":
      return check.tool ? `Arguments of ${check.tool}` : "Last message of the agent";
    case "ends":
      return check.reasons?.join(" or ") ?? "Any reason but the limit of turns";
    case "max_seconds":
      return `${check.max} s for ${check.per === "answer" ? "each answer" : "all answers together"}`;
    case "max_cost_usd":
      return `$${check.max}`;
    default:
      return `${check.max} ${UNITS[check.type]}`;
  }
}

function callText({ tool, arguments: args }: Expected): string {
  return args ? `${tool}(${JSON.stringify(args)})` : tool;
}

function timesText(min: number, max: number | null): string {
  if (max === null) return min === 1 ? "at least once" : `at least ${min} times`;
  if (min === max) return min === 1 ? "once" : `${min} times`;
  return `${min} to ${max} times`;
}

/** True if two checks demand the same. */
export const isSameCheck = (one: Check, other: Check) => canonical(one) === canonical(other);

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, field]) => field !== null)
            .sort(([a], [b]) => a.localeCompare(b)),
        )
      : inner,
  );
}

/** A call in a form: its arguments are JSON as text, empty for any. */
export type CallForm = { id: string; tool: string; args: string; match: Schema["Match"] };

/** All fields of all kinds, as texts. */
export type CheckForm = {
  type: CheckType;
  call: CallForm;
  calls: CallForm[];
  min: string;
  max: string;
  /** Names of tools or reasons, one a line. */
  list: string;
  text: string;
  by: Schema["Speaker"];
  absent: boolean;
  schema: string;
  per: Schema["Span"];
};

export const emptyCall = (): CallForm => ({
  id: newId("expected"),
  tool: "",
  args: "",
  match: "meaning",
});

export const emptyForm = (type: CheckType): CheckForm => ({
  type,
  call: emptyCall(),
  calls: [emptyCall(), emptyCall()],
  min: "1",
  max: "",
  list: "",
  text: "",
  by: "agent",
  absent: false,
  schema: '{"type": "object"}',
  per: "conversation",
});

const callForm = ({ tool, arguments: args, match }: Expected): CallForm => ({
  id: newId("expected"),
  tool,
  args: args ? JSON.stringify(args, null, 2) : "",
  match,
});

/** Return the form of a check. */
export function formOf(check: Check): CheckForm {
  const form = emptyForm(check.type);
  switch (check.type) {
    case "tool_called":
      return { ...form, call: callForm(check), min: `${check.min}`, max: `${check.max ?? ""}` };
    case "tool_not_called":
      return { ...form, call: callForm(check) };
    case "tool_order":
      return { ...form, calls: check.calls.map(callForm) };
    case "end_state":
      return { ...form, calls: check.calls.map(callForm), list: (check.tools ?? []).join("\n") };
    case "says":
    case "says_not":
      return { ...form, text: check.text, by: check.by };
    case "pattern":
      return { ...form, text: check.pattern, by: check.by, absent: check.absent };
    case "json_schema":
      return {
        ...form,
        schema: JSON.stringify(check.schema, null, 2),
        call: { ...form.call, tool: check.tool ?? "" },
      };
    case "ends":
      return { ...form, list: (check.reasons ?? []).join("\n") };
    case "max_seconds":
      return { ...form, max: `${check.max}`, per: check.per };
    default:
      return { ...form, max: `${check.max}` };
  }
}

export type FormFaults = Partial<Record<string, string>>;

/** Return the check of a form, or its faults by field: `tool`, `args`, `calls.<id>.args`. */
export function checkOf(form: CheckForm): { check: Check } | { faults: FormFaults } {
  const faults: FormFaults = {};
  const check = build(form, faults);
  return Object.keys(faults).length > 0 ? { faults } : { check };
}

function build(form: CheckForm, faults: FormFaults): Check {
  const { type } = form;
  switch (type) {
    case "tool_called": {
      const max = form.max === "" ? {} : { max: wholeOf(form.max, "max", faults) };
      return {
        type,
        ...expected(form.call, "", faults),
        min: wholeOf(form.min, "min", faults),
        ...max,
      };
    }
    case "tool_not_called":
      return { type, ...expected(form.call, "", faults) };
    case "tool_order":
      if (form.calls.length < 2) faults.calls = "Add a second call.";
      return { type, calls: form.calls.map((call) => expected(call, `calls.${call.id}.`, faults)) };
    case "end_state": {
      const calls = form.calls.map((call) => expected(call, `calls.${call.id}.`, faults));
      const tools = linesOf(form.list);
      return { type, calls, ...(tools.length > 0 && { tools }) };
    }
    case "says":
    case "says_not":
      return { type, text: required(form.text, "text", faults), by: form.by };
    case "pattern": {
      const pattern = required(form.text, "text", faults);
      return { type, pattern, by: form.by, absent: form.absent };
    }
    case "json_schema": {
      const fault = faultOfJson(form.schema, true);
      if (fault) faults.schema = fault;
      const tool = form.call.tool.trim();
      return { type, schema: fault ? {} : JSON.parse(form.schema), ...(tool && { tool }) };
    }
    case "ends": {
      const reasons = linesOf(form.list);
      return { type, ...(reasons.length > 0 && { reasons }) };
    }
    case "max_seconds":
      return { type, max: numberOf(form.max, "max", faults), per: form.per };
    case "max_cost_usd":
      return { type, max: numberOf(form.max, "max", faults) };
    default:
      return { type, max: wholeOf(form.max, "max", faults) };
  }
}

function expected({ tool, args, match }: CallForm, place: string, faults: FormFaults): Expected {
  const fault = args.trim() === "" ? undefined : faultOfJson(args, true);
  if (fault) faults[`${place}args`] = fault;
  const name = required(tool, `${place}tool`, faults);
  if (fault || args.trim() === "") return { tool: name, match };
  return { tool: name, arguments: JSON.parse(args), match };
}

function required(text: string, place: string, faults: FormFaults): string {
  if (text.trim() === "") faults[place] = "Fill in this field.";
  return text;
}

function numberOf(text: string, place: string, faults: FormFaults): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) faults[place] = "Enter a number, 0 or more.";
  return value;
}

function wholeOf(text: string, place: string, faults: FormFaults): number {
  const value = numberOf(text, place, faults);
  if (!Number.isInteger(value)) faults[place] = "Enter a whole number, 0 or more.";
  return value;
}

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
