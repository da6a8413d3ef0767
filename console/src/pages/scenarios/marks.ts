/** Marks of what stands for personal data: in texts of a draft, and in the recorded messages. */
import type { Schema } from "@/api/client";

export type Kind = Schema["Kind"];
export type Replacement = Schema["DraftReplacement"];

/** A text that is marked wherever it occurs as a whole word. */
export type Needle = { text: string; kind: Kind };

export type Segment = { text: string; kind: Kind | null; start: number };

/** Kinds as people call them. */
export const KINDS: Record<Kind, string> = {
  NAME: "name",
  EMAIL: "e-mail",
  PHONE: "phone",
  CARD: "card number",
  ACCOUNT: "account",
  ADDRESS: "address",
  POSTAL_CODE: "postal code",
  DATE_OF_BIRTH: "date of birth",
  USER_ID: "user id",
  ID_NUMBER: "id number",
  SECRET: "secret",
  CREDENTIAL: "credential",
  NETWORK_ADDRESS: "network address",
};

const PLACEHOLDER = new RegExp(`<(${Object.keys(KINDS).join("|")})_\\d+>`, "g");
const WORD = /[\p{L}\p{N}]/u;

/** Return the texts that a draft has in place of recorded values. */
export function needlesOf(replacements: readonly Replacement[]): Needle[] {
  return replacements.flatMap(({ kind, pseudonyms }) => pseudonyms.map((text) => ({ text, kind })));
}

/**
 * Cut a text into segments: marked ones and those between. Placeholders are marked without
 * needles. Of overlapping marks the first is used, of equal starts the longest.
 */
export function segmentsOf(text: string, needles: readonly Needle[]): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const { start, length, kind } of found(text, needles)) {
    if (start < end) continue;
    if (start > end) segments.push({ text: text.slice(end, start), kind: null, start: end });
    segments.push({ text: text.slice(start, start + length), kind, start });
    end = start + length;
  }
  if (end < text.length) segments.push({ text: text.slice(end), kind: null, start: end });
  return segments;
}

type Found = { start: number; length: number; kind: Kind };

function found(text: string, needles: readonly Needle[]): Found[] {
  const all: Found[] = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    length: match[0].length,
    kind: match[1] as Kind,
  }));
  for (const { text: needle, kind } of needles) {
    if (needle === "") continue;
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
      if (isWhole(text, at, needle)) all.push({ start: at, length: needle.length, kind });
  }
  return all.sort((a, b) => a.start - b.start || b.length - a.length);
}

/** True unless the needle is a part of a longer word or number. */
function isWhole(text: string, at: number, needle: string): boolean {
  const joins = (inner: string | undefined, outer: string | undefined) =>
    inner !== undefined && outer !== undefined && WORD.test(inner) && WORD.test(outer);
  const after = at + needle.length;
  return !joins(needle[0], text[at - 1]) && !joins(needle.at(-1), text[after]);
}

/** Return how often each kind is marked in texts, the most frequent first. */
export function countKinds(texts: Iterable<string>, needles: readonly Needle[]): [Kind, number][] {
  const counts = new Map<Kind, number>();
  for (const text of texts) {
    for (const { kind } of segmentsOf(text, needles))
      if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Return each marked text of a text once, with its kind. */
export function markedTexts(text: string, needles: readonly Needle[]): Needle[] {
  const once = new Map<string, Needle>();
  for (const { text: marked, kind } of segmentsOf(text, needles))
    if (kind) once.set(marked, { text: marked, kind });
  return [...once.values()];
}
