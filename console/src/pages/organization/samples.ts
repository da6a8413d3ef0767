/**
 * Executor of sample data: a list of requests, each sent once, with values of earlier answers.
 *
 * local/samples.py does the same for `make demo`, with the same file and idempotency keys: what
 * one of them has created is there for the other.
 */
import { ApiError } from "@/api/errors";

export type Step = {
  id: string;
  title: string;
  method: string;
  path: string;
  body?: unknown;
  /** Names of values, and their places in the answer. */
  capture?: Record<string, string>;
  /** The request is not needed if a field of the answer to a GET has content. */
  unless?: { path: string; field: string };
  /** The GET is repeated until a field of its answer has one of these values. */
  until?: { field: string; values: readonly string[]; seconds: number };
};
export type Samples = { name: string; steps: readonly Step[] };
export type Result = "created" | "unchanged" | "skipped";
export type Answer = { isNew: boolean; content: unknown };
export type Send = (method: string, path: string, key: string, body: unknown) => Promise<Answer>;
type Values = Map<string, unknown>;

/** Statuses of a request for what was deleted or changed since an earlier load. */
const LEFT = [404, 409, 412];
/** A value of an answer, or a time before the first load: `{{agent}}`, `{{iso -3d +20s}}`. */
const PLACEHOLDER = /\{\{(\S+?)(?: -(\d+)d \+(\d+)s)?\}\}/;
const POLLS_PER_SECOND = 2;

class NoValue extends Error {}

/** Send all requests in their order; report each before it is sent. Throws a refusal. */
export async function loadSamples(
  samples: Samples,
  report: (title: string, number: number) => void,
  send: Send,
  pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
): Promise<Result[]> {
  const values: Values = new Map();
  const results: Result[] = [];
  for (const [number, step] of samples.steps.entries()) {
    report(step.title, number);
    results.push(await once(step, `${samples.name}:${step.id}`, values, send, pause));
  }
  return results;
}

type Pause = (milliseconds: number) => Promise<void>;

async function once(step: Step, key: string, values: Values, send: Send, pause: Pause) {
  try {
    const path = String(filled(step.path, values));
    const body = filled(step.body, values);
    if (step.unless) {
      const found = await send("GET", String(filled(step.unless.path, values)), "", undefined);
      if (hasContent(at(found.content, step.unless.field))) return "unchanged";
    }
    const answer = await send(step.method, path, key, body);
    if (step.until) await wait(step.until, path, send, pause);
    for (const [name, place] of Object.entries(step.capture ?? {}))
      values.set(name, at(answer.content, place));
    return answer.isNew ? "created" : "unchanged";
  } catch (error) {
    if (error instanceof NoValue) return "skipped";
    if (error instanceof ApiError && LEFT.includes(error.status)) return "skipped";
    throw error;
  }
}

async function wait(until: NonNullable<Step["until"]>, path: string, send: Send, pause: Pause) {
  for (let poll = 0; poll < until.seconds * POLLS_PER_SECOND; poll += 1) {
    const { content } = await send("GET", path, "", undefined);
    if (until.values.includes(String(at(content, until.field)))) return;
    await pause(1_000 / POLLS_PER_SECOND);
  }
  throw new Error(`${path} did not end within ${until.seconds} s.`);
}

/** Return the value at a dotted path, such as `data.0.type`; undefined if there is none. */
export function at(value: unknown, path: string): unknown {
  const step = (found: unknown, key: string) => (found as Record<string, unknown> | null)?.[key];
  return path.split(".").reduce(step, value);
}

const hasContent = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function filled(template: unknown, values: Values): unknown {
  if (Array.isArray(template)) return template.map((one) => filled(one, values));
  if (typeof template === "object" && template !== null) {
    const fields = Object.entries(template).map(([name, one]) => [name, filled(one, values)]);
    return Object.fromEntries(fields);
  }
  if (typeof template !== "string") return template;
  const whole = new RegExp(`^${PLACEHOLDER.source}$`).exec(template);
  if (whole) return value(whole, values);
  const all = new RegExp(PLACEHOLDER, "g");
  return template.replace(all, (...match) => String(value(match.slice(0, 4), values)));
}

function value([, name = "", days, seconds]: readonly string[], values: Values): unknown {
  const found = values.get(days === undefined ? name : "since");
  if (found === undefined || found === null) throw new NoValue(name);
  if (days === undefined) return found;
  // Relative to the first answer, of which a repetition gets a copy: the same times again.
  const since = Math.floor(Date.parse(String(found)) / 1_000);
  const time = since - Number(days) * 86_400 + Number(seconds);
  if (name === "nanos") return `${time}000000000`;
  return new Date(time * 1_000).toISOString().replace(".000Z", "Z");
}
