/** Alignment of a draft with its transcript: sources of its parts, and the replaced values. */
import { isFields, joinedText } from "@/transcript/parts";
import type { Entry } from "@/transcript/turns";
import type { Content } from "./content";
import { type Kind, type Needle, segmentsOf } from "./marks";
import type { WorldCall } from "./world";

/** Ids of the transcript's entries by place of the draft; see `placeOf…`. */
export type Sources = ReadonlyMap<string, readonly string[]>;

export const placeOfTurn = (id: string) => `turn ${id}`;
export const placeOfCall = (id: string) => `call ${id}`;
export const placeOfLine = (number: number) => `journey ${number}`;

type Call = Entry & { kind: "call" };

/** Longest recorded value that is looked for between two unchanged pieces of a text. */
const MAX_VALUE = 300;
/** Least characters of a piece that tells where it comes from. */
const TELLING = 8;

export type Alignment = {
  sources: Sources;
  /** Recorded values, in whose place the draft has invented ones: marked in the transcript. */
  recorded: Needle[];
};

/** Align a fresh draft with the entries of its transcript. `needles` are the invented values. */
export function align(
  entries: readonly Entry[],
  content: Content,
  needles: readonly Needle[],
): Alignment {
  const sources = new Map<string, readonly string[]>();
  const recorded = new Recorded();
  alignTurns(entries, content, needles, sources, recorded);
  alignCalls(entries, content, needles, sources, recorded);
  for (const [line, id] of linesOf(content.journey, entries)) sources.set(placeOfLine(line), [id]);
  const goal = goalOf(content.intent, entries);
  sources.set("intent", goal);
  sources.set("name", goal);
  sources.set("journey", [...new Set([...linesOf(content.journey, entries).values()])]);
  return { sources, recorded: recorded.needles };
}

/** Return the places of a draft that come from an entry. */
export function placesOf(sources: Sources, entryId: string): string[] {
  return [...sources].flatMap(([place, ids]) => (ids.includes(entryId) ? [place] : []));
}

export const textOfEntry = (entry: Entry) =>
  entry.kind === "message" ? joinedText(entry.parts) : "";

const isBy = (entry: Entry, role: string) => entry.kind === "message" && entry.role === role;

/** Recorded values, each with the kind of what stands for it. */
class Recorded {
  private readonly kinds = new Map<string, Kind>();

  /** Compare a recorded text with what the draft has in its place. */
  compare(text: string, invented: string, needles: readonly Needle[]): boolean {
    const found = recordedValues(text, segmentsOf(invented, needles));
    for (const { text: value, kind } of found ?? []) this.kinds.set(value, kind);
    return found !== null;
  }

  get needles(): Needle[] {
    const all = new Map(this.kinds);
    // A name is replaced with each of its parts.
    for (const [value, kind] of this.kinds) {
      if (kind !== "NAME") continue;
      for (const part of value.split(/\s+/))
        if (/^\p{Lu}[\p{L}'’-]{2,}$/u.test(part) && !all.has(part)) all.set(part, kind);
    }
    return [...all].map(([text, kind]) => ({ text, kind }));
  }
}

/**
 * Return the values of a recorded text that stand where the segments are marked; null if the
 * unchanged segments are not in it.
 */
export function recordedValues(
  text: string,
  segments: ReturnType<typeof segmentsOf>,
): Needle[] | null {
  const values: Needle[] = [];
  let at = 0;
  let open: Kind | null = null;
  const close = (start: number) => {
    const value = text.slice(at, start).trim();
    if (open && value !== "" && value.length <= MAX_VALUE) values.push({ text: value, kind: open });
    open = null;
  };
  for (const { text: piece, kind } of segments) {
    if (kind) {
      // Two values without a word between them cannot be told apart.
      if (open) return null;
      open = kind;
      continue;
    }
    const start = text.indexOf(piece, open ? at + 1 : at);
    if (start < 0) return null;
    close(start);
    at = start + piece.length;
  }
  close(text.length);
  return values;
}

function alignTurns(
  entries: readonly Entry[],
  content: Content,
  needles: readonly Needle[],
  sources: Map<string, readonly string[]>,
  recorded: Recorded,
): void {
  const messages = entries.filter((entry) => isBy(entry, "user"));
  let next = 0;
  for (const turn of content.userTurns) {
    const index = messages.findIndex(
      (entry, at) => at >= next && recorded.compare(textOfEntry(entry), turn.text, needles),
    );
    const entry = messages[index];
    if (entry === undefined) continue;
    sources.set(placeOfTurn(turn.id), [entry.id]);
    next = index + 1;
  }
}

function alignCalls(
  entries: readonly Entry[],
  content: Content,
  needles: readonly Needle[],
  sources: Map<string, readonly string[]>,
  recorded: Recorded,
): void {
  const all = entries.filter((entry): entry is Call => entry.kind === "call");
  for (const tool of content.tools) {
    const rest = all.filter((entry) => entry.call.name === tool.name);
    sources.set(
      placeOfCall(tool.id),
      rest.map((entry) => entry.id),
    );
    for (const call of tool.calls ?? []) {
      const index = rest.findIndex((entry) => isCallOf(entry, call, needles));
      const entry = rest[index];
      if (entry === undefined) continue;
      rest.splice(0, index + 1);
      sources.set(placeOfCall(call.id), [entry.id]);
      compareValues(entry.call.args, jsonOf(call.args), needles, recorded);
      if (call.answer.kind === "output")
        compareValues(parsed(entry.call.answer), jsonOf(call.answer.json), needles, recorded);
    }
  }
}

/** True if the arguments are those of the recorded call, apart from what is marked. */
function isCallOf(entry: Call, call: WorldCall, needles: readonly Needle[]): boolean {
  return isLike(parsed(entry.call.args) ?? {}, jsonOf(call.args) ?? {}, needles);
}

function isLike(recorded: unknown, invented: unknown, needles: readonly Needle[]): boolean {
  if (isFields(recorded) && isFields(invented)) {
    const names = Object.keys(recorded);
    return (
      names.length === Object.keys(invented).length &&
      names.every((name) => name in invented && isLike(recorded[name], invented[name], needles))
    );
  }
  if (Array.isArray(recorded) && Array.isArray(invented))
    return (
      recorded.length === invented.length &&
      recorded.every((item, index) => isLike(item, invented[index], needles))
    );
  if (recorded === invented) return true;
  return recordedValues(String(recorded), segmentsOf(String(invented), needles)) !== null;
}

function compareValues(
  recorded: unknown,
  invented: unknown,
  needles: readonly Needle[],
  into: Recorded,
): void {
  if (isFields(recorded) && isFields(invented)) {
    for (const [name, value] of Object.entries(recorded))
      compareValues(value, invented[name], needles, into);
  } else if (Array.isArray(recorded) && Array.isArray(invented)) {
    for (const [index, value] of recorded.entries())
      compareValues(value, invented[index], needles, into);
  } else if (isPlain(recorded) && isPlain(invented) && recorded !== invented) {
    into.compare(String(recorded), String(invented), needles);
  }
}

const isPlain = (value: unknown) => typeof value === "string" || typeof value === "number";

const jsonOf = (json: string | null): unknown => (json === null ? undefined : parsed(json));

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Return the entry of each line of a journey, by the line's number. */
function linesOf(journey: string, entries: readonly Entry[]): Map<number, string> {
  const found = new Map<number, string>();
  let next = 0;
  for (const [number, line] of journey.split("\n").entries()) {
    const index = entries.findIndex((entry, at) => at >= next && isLineOf(line, entry));
    const entry = entries[index];
    if (entry === undefined) continue;
    found.set(number, entry.id);
    next = index + 1;
  }
  return found;
}

function isLineOf(line: string, entry: Entry): boolean {
  const tool = /^The assistant calls (.+?) \(|^The assistant calls (.+?)[;.]/.exec(line);
  if (entry.kind === "call") return (tool?.[1] ?? tool?.[2]) === entry.call.name;
  if (tool || entry.kind !== "message") return false;
  const isUsers = line.startsWith("The user");
  if (!isUsers && !line.startsWith("The assistant")) return false;
  return isBy(entry, isUsers ? "user" : "assistant") && tells(line, textOfEntry(entry));
}

/** True if a text has the longest unchanged piece of a line's quotation. */
function tells(line: string, text: string): boolean {
  const quotation = /“([\s\S]*)”/.exec(line)?.[1] ?? line;
  const piece = pieces(quotation).toSorted((a, b) => b.length - a.length)[0];
  return piece !== undefined && flat(text).includes(flat(piece));
}

/** Unchanged pieces of a text of the draft: between placeholders and omissions. */
const pieces = (text: string) =>
  segmentsOf(text, [])
    .filter((segment) => segment.kind === null)
    .flatMap((segment) => segment.text.split("…"))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");

const flat = (text: string) => text.replace(/\s+/g, " ");

/** Return the user's messages that the sentences of a goal are from. */
function goalOf(intent: string, entries: readonly Entry[]): string[] {
  const sentences = pieces(intent)
    .flatMap((piece) => piece.split(/(?<=[.!?。！？])\s+/))
    .map((sentence) => flat(sentence).replace(/[.!?]+$/, ""))
    .filter((sentence) => sentence.length >= TELLING);
  return entries
    .filter((entry) => isBy(entry, "user"))
    .filter((entry) => {
      const text = flat(textOfEntry(entry));
      return sentences.some((sentence) => text.includes(sentence));
    })
    .map((entry) => entry.id);
}
