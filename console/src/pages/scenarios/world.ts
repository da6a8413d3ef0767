/** The mock world as a table: tools with their calls, and the way back to the API's form. */
import { isFields } from "@/transcript/parts";

/** Answer of a tool or of a call; JSON as text, so that it can be edited. */
export type Answer =
  | { kind: "output"; json: string }
  | { kind: "error"; json: string }
  /** A call without an answer of its own has that of its tool. */
  | { kind: "tool" };

export type WorldCall = {
  id: string;
  /** JSON as text; null answers any arguments. */
  args: string | null;
  answer: Answer;
  delayMs: number | null;
  /** Fields that the table does not know: they stay as they are. */
  rest: Record<string, unknown>;
};

export type WorldTool = {
  id: string;
  name: string;
  /** The tool's own answer: of any arguments without calls, else of calls without an answer. */
  answer: Answer;
  delayMs: number | null;
  /** Null: any arguments get the tool's answer. Empty: nothing is answered. */
  calls: WorldCall[] | null;
  rest: Record<string, unknown>;
};

let created = 0;

/** Id of a row, stable while it is edited. */
export function newId(prefix: string): string {
  created += 1;
  return `${prefix}-${created}`;
}

/** Return the table of a mock world. */
export function toolsOf(world: Record<string, unknown>): WorldTool[] {
  return Object.entries(world).map(([name, value]) => {
    const entry = isFields(value) ? value : { output: value };
    const { calls, ...fields } = entry;
    return {
      id: newId("tool"),
      name,
      calls: Array.isArray(calls) ? calls.map(callOf) : null,
      ...answered(fields),
    };
  });
}

function callOf(value: unknown): WorldCall {
  const { arguments: args, ...fields } = isFields(value) ? value : { output: value };
  const text = args === undefined ? null : toJson(args);
  return { id: newId("call"), args: text, ...answered(fields) };
}

function answered(fields: Record<string, unknown>) {
  const { output, error, delay_ms: delay, ...rest } = fields;
  const answer: Answer =
    error !== undefined && error !== null
      ? { kind: "error", json: toJson(error) }
      : "output" in fields
        ? { kind: "output", json: toJson(output) }
        : { kind: "tool" };
  return { answer, delayMs: typeof delay === "number" ? delay : null, rest };
}

/** Return the mock world of a table. Its texts must be valid JSON: see `faultOfJson`. */
export function worldOf(tools: readonly WorldTool[]): Record<string, unknown> {
  return Object.fromEntries(
    tools.map(({ name, calls, ...fields }) => [
      name,
      {
        ...fieldsOf(fields),
        ...(calls !== null && {
          calls: calls.map(({ args, ...call }) => ({
            ...(args !== null && { arguments: JSON.parse(args) }),
            ...fieldsOf(call),
          })),
        }),
      },
    ]),
  );
}

type Answered = Pick<WorldTool, "answer" | "delayMs" | "rest">;

function fieldsOf({ answer, delayMs, rest }: Answered): Record<string, unknown> {
  return {
    ...rest,
    ...(answer.kind !== "tool" && { [answer.kind]: JSON.parse(answer.json) }),
    ...(delayMs !== null && { delay_ms: delayMs }),
  };
}

const toJson = (value: unknown) => JSON.stringify(value, null, 2) ?? "null";

/** Return the fault of a text as JSON; undefined if it is valid. */
export function faultOfJson(text: string, mustBeObject = false): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return mustBeObject && !isFields(value) ? 'Enter a JSON object, such as {"id": 1}.' : undefined;
  } catch (error) {
    const reason = error instanceof Error ? ` ${error.message}.` : "";
    return `This is not valid JSON.${reason}`;
  }
}

/** Return why a tool's name cannot be used; undefined if it can. */
export function faultOfName(tools: readonly WorldTool[], id: string, name: string) {
  if (name.trim() === "") return "Enter the name of the tool.";
  const isTaken = tools.some((tool) => tool.id !== id && tool.name === name);
  return isTaken ? "Another tool has this name. Add the call to that tool." : undefined;
}

/** Return a list with one item a place further up or down. */
export function moved<T>(items: readonly T[], index: number, by: 1 | -1): T[] {
  const copy = [...items];
  const [item] = copy.splice(index, 1);
  if (item !== undefined) copy.splice(Math.max(0, index + by), 0, item);
  return copy;
}

/** Number of calls and answers of a world, as its rows. */
export const rowCount = (tools: readonly WorldTool[]) =>
  tools.reduce((sum, tool) => sum + (tool.calls?.length ?? 1), 0);
