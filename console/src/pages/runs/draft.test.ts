import { expect, test } from "vitest";
import { draftOf, draftOfRun, faultOf, requestOf, simulationsOf } from "./draft";
import type { Run } from "./runs";

test("an empty field is left to the API", () => {
  const draft = { ...draftOf({ scenarios: "a,b", agent: "agent_1" }), repeats: "" };
  expect(requestOf(draft)).toEqual({ target: { agent_id: "agent_1" }, scenario_ids: ["a", "b"] });
});

test("tags, a server and limits are requested as typed", () => {
  const draft = {
    ...draftOf({ tags: "refunds, eu" }),
    kind: "url" as const,
    url: " https://agent.example/v1 ",
    targetModel: "m",
    repeats: "5",
    budgetCost: "0.5",
    personaIds: ["p"],
  };
  expect(requestOf(draft)).toEqual({
    target: { url: "https://agent.example/v1", protocol: "openai", model: "m" },
    tags: ["refunds", "eu"],
    repeats: 5,
    persona_ids: ["p"],
    budget: { max_cost_usd: 0.5 },
  });
});

test("a run is repeated with all that it had, as the baseline", () => {
  const run = {
    id: "r",
    name: "Refunds",
    target: { catalog_slug: "order-status" },
    persona_ids: [],
    repeats: 2,
    max_turns: 7,
    max_concurrency: 3,
    user_model: null,
    judge_model: "model_1",
    criterion_threshold: 4,
    budget: { max_turns: null, max_tokens: 9, max_cost_usd: null },
    tool_overrides: { get_order: { error: "down" } },
  } as unknown as Run;
  expect(requestOf(draftOfRun(run, ["s"]))).toEqual({
    name: "Refunds",
    target: { catalog_slug: "order-status" },
    scenario_ids: ["s"],
    repeats: 2,
    max_turns: 7,
    max_concurrency: 3,
    judge_model: "model_1",
    criterion_threshold: 4,
    budget: { max_tokens: 9 },
    baseline_run_id: "r",
    tool_overrides: { get_order: { error: "down" } },
  });
});

test("a fault within a field is the field's", () => {
  const faults = [{ path: "scenario_ids.3", message: "not found" }];
  expect(faultOf(faults, "scenario_ids")).toBe("not found");
  expect(faultOf(faults, "scenario")).toBeUndefined();
});

test("the number of simulations is told before the start", () => {
  const draft = draftOf({ scenarios: "a,b" });
  expect(simulationsOf(draft)).toBe(6);
  expect(simulationsOf({ ...draft, personaIds: ["p", "q"] })).toBe(12);
  expect(simulationsOf({ ...draft, by: "tags" })).toBeNull();
});
