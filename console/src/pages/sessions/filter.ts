/** Filters of a session's events, as the URL of the page has them. */

export type EventFilter = {
  /** Words that occur in an event. */
  q: string;
  /** Types of events, separated by spaces. */
  types: string;
  /** Name of a tool. */
  tool: string;
};

export const NO_FILTER: EventFilter = { q: "", types: "", tool: "" };

/** Groups of types that people ask for. */
export const TYPES: readonly (readonly [string, string])[] = [
  ["", "All events"],
  ["input.message output.message.completed", "Messages"],
  ["tool.started tool.completed", "Tool calls"],
  ["llm.generation reason.completed", "Model calls"],
  ["turn.failed turn.cancelled", "Failed and cancelled turns"],
  ["turn.started turn.completed", "Beginnings and ends of turns"],
];

type Search = Record<string, string | undefined>;

/** Return the filter of a URL's query; values that are not offered count as absent. */
export function filterOf(search: Search): EventFilter {
  const types = TYPES.find(([value]) => value === search.types)?.[0] ?? "";
  return { q: (search.q ?? "").trim(), types, tool: (search.tool ?? "").trim() };
}

export const isFiltering = ({ q, types, tool }: EventFilter) => Boolean(q || types || tool);

/** Target of a link: an event by its id, or by its place in the log or among the messages. */
export type Target = { event: string | null; sequence: number | null; message: number | null };

export function targetOf(search: Search): Target | null {
  const event = search.event ?? null;
  const sequence = whole(search.sequence);
  const message = whole(search.message);
  return event || sequence !== null || message !== null ? { event, sequence, message } : null;
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
