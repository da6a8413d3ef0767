/** The editable content of a scenario, and the way from and to the API's form. */

import type { Schema } from "@/api/client";
import type { FieldFault } from "@/api/errors";
import { newId, toolsOf, type WorldTool, worldOf } from "./world";

type Draft = Schema["ScenarioDraft"];
type Scenario = Schema["ScenarioResponse"];
type Create = Schema["ScenarioCreate"];
type Criterion = Schema["SuccessCriterion"];

export type Turn = { id: string; text: string };
export type EditedCriterion = Criterion & { id: string };
export type Agent = { id: string; name: string };

export type Content = {
  name: string;
  intent: string;
  journey: string;
  userTurns: Turn[];
  criteria: EditedCriterion[];
  tags: string[];
  agents: Agent[];
  tools: WorldTool[];
};

export const EMPTY: Content = {
  name: "",
  intent: "",
  journey: "",
  userTurns: [],
  criteria: [],
  tags: [],
  agents: [],
  tools: [],
};

/** Return the content of a draft. Of its agents, only that of its source has a name. */
export function contentOfDraft(draft: Draft): Content {
  return {
    ...textsOf(draft),
    criteria: [],
    agents: (draft.agent_ids ?? []).map((id) => ({
      id,
      name: (id === draft.source_agent_id && draft.source_agent_name) || id,
    })),
  };
}

export function contentOfScenario(scenario: Scenario): Content {
  return {
    ...textsOf(scenario),
    criteria: scenario.success_criteria.map((one) => ({ ...one, id: newId("criterion") })),
    agents: scenario.agents ?? [],
  };
}

function textsOf(source: Draft | Scenario) {
  return {
    name: source.name,
    intent: source.intent,
    journey: source.journey ?? "",
    userTurns: (source.user_turns ?? []).map(turnOf),
    tags: source.tags ?? [],
    tools: toolsOf(source.mock_world ?? {}),
  };
}

export const turnOf = (text: string): Turn => ({ id: newId("turn"), text });

/** Return the fields of a request. */
export function fieldsOf(content: Content) {
  return {
    name: content.name,
    intent: content.intent,
    journey: content.journey,
    mock_world: worldOf(content.tools),
    user_turns: content.userTurns.map(({ text }) => text),
    success_criteria: content.criteria.map(({ description, output_type }) => ({
      description,
      output_type,
    })),
    tags: content.tags,
    agent_ids: content.agents.map(({ id }) => id),
  } satisfies Partial<Create>;
}

/** Origin of a draft or a scenario: never changes. */
type Origin = Pick<Draft, "source" | "source_agent_id" | "source_brief" | "source_persona_id">;

/** Return the request that stores a draft or a copy, with its origin. */
export function createOf(content: Content, draft: Origin | null): Create {
  if (draft === null) return { ...fieldsOf(content), source: "manual" };
  const { source, source_agent_id, source_brief, source_persona_id } = draft;
  return {
    ...fieldsOf(content),
    source,
    ...(source_agent_id != null && { source_agent_id }),
    ...(source_brief != null && { source_brief }),
    ...(source_persona_id != null && { source_persona_id }),
  };
}

/** True if both would be stored as the same. Only what was edited is compared. */
export function isSame(one: Content, other: Content): boolean {
  const names = Object.keys(EMPTY) as (keyof Content)[];
  const edited = names.filter((name) => one[name] !== other[name]);
  const part = (content: Content) => {
    const own = Object.fromEntries(edited.map((name) => [name, content[name]]));
    return JSON.stringify(fieldsOf({ ...EMPTY, ...own }));
  };
  return edited.length === 0 || part(one) === part(other);
}

/** Faults by the place in the editor: `name`, `user_turns.2`, `success_criteria.0`. */
export function faultsByPlace(faults: readonly FieldFault[]): Record<string, string> {
  const byPlace: Record<string, string> = {};
  for (const { path, message } of faults) {
    const [field = "", index] = path.split(".");
    const hasPlaces = field === "user_turns" || field === "success_criteria";
    const place = hasPlaces && index && /^\d+$/.test(index) ? `${field}.${index}` : field;
    byPlace[place] = byPlace[place] ? `${byPlace[place]} ${message}` : message;
  }
  return byPlace;
}

/** Return what the API would refuse for certain, by place. */
export function faultsOf(content: Content): Record<string, string> {
  const faults: Record<string, string> = {};
  if (content.name.trim() === "") faults.name = "Enter a name.";
  if (content.intent.trim() === "") faults.intent = "Enter the goal of the user.";
  for (const [index, one] of content.criteria.entries())
    if (one.description.trim() === "")
      faults[`success_criteria.${index}`] = "Enter the condition, or remove the criterion.";
  for (const [index, turn] of content.userTurns.entries())
    if (turn.text === "") faults[`user_turns.${index}`] = "Enter a message, or remove it.";
  return faults;
}
