import { expect, test } from "vitest";
import type { Schema } from "@/api/client";
import {
  contentOfDraft,
  createOf,
  EMPTY,
  faultsByPlace,
  faultsOf,
  fieldsOf,
  isSame,
} from "./content";
import { warningsOf } from "./warnings";

const DRAFT = {
  name: "Refund",
  intent: "The user wants a refund.",
  journey: "The user opens.\n[2 tool answers are left out of the mock world.]",
  mock_world: { get: { output: 1, calls: [] } },
  user_turns: ["Hello", "Bye"],
  tags: ["shop"],
  source: "drafted",
  source_agent_id: "a",
  source_agent_name: "Desk",
  source_brief: null,
  agent_ids: ["a", "b"],
  replacements: [],
} as unknown as Schema["ScenarioDraft"];

test("a draft is stored with its origin, without what is only shown", () => {
  const { name, intent, journey, mock_world, user_turns, tags, agent_ids } = DRAFT;
  expect(createOf(contentOfDraft(DRAFT), DRAFT)).toEqual({
    ...{ name, intent, journey, mock_world, user_turns, tags, agent_ids },
    success_criteria: [],
    source: "drafted",
    source_agent_id: "a",
  });
  expect(createOf(EMPTY, null).source).toBe("manual");
});

test("only an agent that the draft names has a name", () => {
  expect(contentOfDraft(DRAFT).agents).toEqual([
    { id: "a", name: "Desk" },
    { id: "b", name: "b" },
  ]);
});

test("ids of rows make no difference", () => {
  const [one, other] = [contentOfDraft(DRAFT), contentOfDraft(DRAFT)];
  expect(isSame(one, other)).toBe(true);
  expect(isSame(one, { ...other, name: "Other" })).toBe(false);
  expect(fieldsOf(one)).toEqual(fieldsOf(other));
});

test("faults of the API are at their places", () => {
  const faults = faultsByPlace([
    { path: "name", message: "too long" },
    { path: "user_turns.2", message: "empty" },
    { path: "success_criteria.0.description", message: "empty" },
    { path: "mock_world", message: "too large" },
    { path: "tags.3", message: "too long" },
  ]);
  expect(faults).toEqual({
    name: "too long",
    "user_turns.2": "empty",
    "success_criteria.0": "empty",
    mock_world: "too large",
    tags: "too long",
  });
});

test("an empty scenario lacks a name and a goal", () => {
  expect(Object.keys(faultsOf(EMPTY))).toEqual(["name", "intent"]);
});

test("what a draft lacks is said", () => {
  const warnings = warningsOf(DRAFT, 3);
  expect(warnings).toContain("2 tool answers are left out of the mock world.");
  expect(warnings).toContain("No call of get fits: the tool answers nothing.");
  expect(warnings).toContain("2 of the 3 messages of the user are kept.");
  expect(warningsOf({ ...DRAFT, mock_world: {}, user_turns: [] }, null)).toHaveLength(3);
});
