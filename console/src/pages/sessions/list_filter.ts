/** Filters of the list of sessions, as the URL of the page has them. */
import type { Kind, Session } from "./requests";

export type ListFilter = {
  kind: Kind | "";
  status: Session["status"] | "";
  search: string;
  /** Id of an agent. */
  agent: string;
  /** Days, as date fields have them: the first and the last one. */
  from: string;
  to: string;
};

export const KINDS: readonly (readonly [ListFilter["kind"], string])[] = [
  ["", "All kinds"],
  ["agent", "Agent"],
  ["playground", "Playground"],
  ["evaluation", "Evaluation"],
];
export const STATUS_CHOICES: readonly (readonly [ListFilter["status"], string])[] = [
  ["", "Any status"],
  ["open", "Open"],
  ["running", "Running"],
  ["waiting", "Waiting"],
  ["completed", "Completed"],
  ["failed", "Failed"],
];

type Search = Record<string, string | undefined>;

/** Return the filter of a URL's query; values that the API would refuse count as absent. */
export function listFilterOf(search: Search): ListFilter {
  const choice = <T extends string>(choices: readonly (readonly [T, string])[], value?: string) =>
    choices.find(([one]) => one === value)?.[0] ?? ("" as T);
  const day = (value = "") =>
    /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : "";
  return {
    kind: choice(KINDS, search.kind),
    status: choice(STATUS_CHOICES, search.status),
    search: (search.search ?? "").trim().slice(0, 500),
    agent: /^agent_[0-9a-f]{32}$/.test(search.agent ?? "") ? (search.agent ?? "") : "",
    from: day(search.from),
    to: day(search.to),
  };
}

export const isFilteringList = (filter: ListFilter) => Object.values(filter).some(Boolean);

/** Return the query of the API for a filter: days are those of the reader's time zone. */
export function queryOf({ kind, status, search, agent, from, to }: ListFilter) {
  return {
    ...(kind && { kind: [kind] }),
    ...(status && { status }),
    ...(search && { search }),
    ...(agent && { agent_id: agent }),
    ...(from && { created_after: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to && { created_before: new Date(`${to}T23:59:59.999`).toISOString() }),
  };
}
