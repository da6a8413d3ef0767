/** Scenarios as a file, in the formats of the API. */
import { API_URL, authorizedFetch, type Schema } from "@/api/client";
import { type Filters, idOf } from "./filters";

export type Format = Schema["ScenarioFormat"];

export const FORMATS: readonly (readonly [Format, string])[] = [
  ["jsonl", "JSON lines: whole scenarios"],
  ["promptfoo", "Tests of promptfoo"],
  ["deepeval", "Goldens of deepeval"],
];

/** Bytes after which the rest is not read: a file that a browser can hold. */
const MAX_CHARACTERS = 200_000_000;

/**
 * Return the lines of an export, of all pages.
 *
 * @param ids Scenarios to keep; null for all that the filters let through.
 */
export async function exportLines(
  filters: Filters,
  format: Format,
  ids: ReadonlySet<string> | null,
): Promise<string> {
  const kept: string[] = [];
  let size = 0;
  let found = 0;
  for (let cursor: string | null = ""; cursor !== null; ) {
    const response = await authorizedFetch(new Request(urlOf(filters, format, cursor)));
    for (const line of (await response.text()).split("\n")) {
      if (line === "" || (ids && !ids.has(idOf(line)))) continue;
      kept.push(`${line}\n`);
      size += line.length;
      found += 1;
    }
    cursor = response.headers.get("x-next-cursor");
    if (found === ids?.size || size > MAX_CHARACTERS) break;
  }
  return kept.join("");
}

function urlOf({ source, tags = [], created_after }: Filters, format: Format, cursor: string) {
  const query = new URLSearchParams({ format });
  if (source) query.set("source", source);
  for (const tag of tags) query.append("tags", tag);
  if (created_after) query.set("created_after", created_after);
  if (cursor) query.set("cursor", cursor);
  return `${API_URL}/v1/scenarios/export?${query}`;
}
