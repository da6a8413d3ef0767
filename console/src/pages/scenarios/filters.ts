/** Filters of the list of scenarios, as the URL of the page has them. */
import { isFields } from "@/transcript/parts";

/** Filters of the list, as the API names them. */
export type Filters = { source?: "manual" | "drafted"; tags?: string[]; created_after?: string };

export type FilterSearch = { source?: string; tags?: string; after?: string };

/** Tags of a field, separated by commas. */
export const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  ),
];

/** Return the filters of a URL; what it has in another form is left out. */
export function filtersOf({ source, tags = "", after = "" }: FilterSearch): Filters {
  const list = tagsOf(tags);
  const day = /^\d{4}-\d{2}-\d{2}$/.test(after) ? new Date(`${after}T00:00:00`) : null;
  return {
    ...((source === "manual" || source === "drafted") && { source }),
    ...(list.length > 0 && { tags: list }),
    ...(day && !Number.isNaN(day.getTime()) && { created_after: day.toISOString() }),
  };
}

/** Return the id of the scenario that a line of any format is from; empty without one. */
export function idOf(line: string): string {
  const value: unknown = JSON.parse(line);
  if (!isFields(value)) return "";
  const metadata = value.metadata ?? value.additional_metadata;
  const id = isFields(metadata) ? metadata.scenario_id : value.id;
  return typeof id === "string" ? id : "";
}
