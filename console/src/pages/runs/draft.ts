/** The form of a new run, and the request that it makes. */
import type { Schema } from "@/api/client";
import type { FieldFault } from "@/api/errors";
import { tagsOf } from "../scenarios/filters";
import type { Run } from "./runs";

export type TargetKind = "agent" | "catalog" | "revision" | "url" | "relay";

/** Fields as they are typed; empty is the default of the API. */
export type Draft = {
  name: string;
  by: "list" | "tags";
  scenarioIds: readonly string[];
  tags: string;
  kind: TargetKind;
  agentId: string;
  catalogSlug: string;
  revisionId: string;
  url: string;
  protocol: "openai" | "http";
  targetModel: string;
  secret: string;
  repeats: string;
  maxConcurrency: string;
  maxTurns: string;
  userModel: string;
  judgeModel: string;
  threshold: string;
  personaIds: readonly string[];
  budgetTurns: string;
  budgetTokens: string;
  budgetCost: string;
  baseline: string;
  /** Kept from a run that is repeated; the form does not change them. */
  toolOverrides: Run["tool_overrides"];
};

const EMPTY: Draft = {
  name: "",
  by: "list",
  scenarioIds: [],
  tags: "",
  kind: "agent",
  agentId: "",
  catalogSlug: "",
  revisionId: "",
  url: "",
  protocol: "openai",
  targetModel: "",
  secret: "",
  repeats: "3",
  maxConcurrency: "",
  maxTurns: "",
  userModel: "",
  judgeModel: "",
  threshold: "",
  personaIds: [],
  budgetTurns: "",
  budgetTokens: "",
  budgetCost: "",
  baseline: "",
  toolOverrides: null,
};

type Search = Record<string, string | undefined>;

/** Return the form that a link asks for. */
export function draftOf(search: Search): Draft {
  const { scenarios, tags, agent, workflow, revision, baseline } = search;
  return {
    ...EMPTY,
    by: tags && !scenarios ? "tags" : "list",
    scenarioIds: scenarios ? scenarios.split(",").filter(Boolean) : [],
    tags: tags ?? "",
    kind: workflow ? "catalog" : revision ? "revision" : "agent",
    agentId: agent ?? "",
    catalogSlug: workflow ?? "",
    revisionId: revision ?? "",
    baseline: baseline ?? "",
  };
}

const textOf = (value: unknown) => (value == null ? "" : String(value));

/** Return the form of a run to repeat; that run is the baseline. */
export function draftOfRun(run: Run, scenarioIds: readonly string[]): Draft {
  const { target, budget } = run;
  return {
    ...EMPTY,
    name: run.name,
    scenarioIds,
    kind: kindOf(target),
    agentId: textOf(target.agent_id),
    catalogSlug: textOf(target.catalog_slug),
    revisionId: textOf(target.revision_id),
    url: textOf(target.url),
    protocol: target.protocol === "http" ? "http" : "openai",
    targetModel: textOf(target.model),
    secret: textOf(target.secret),
    repeats: String(run.repeats),
    maxConcurrency: String(run.max_concurrency),
    maxTurns: String(run.max_turns),
    userModel: run.user_model ?? "",
    judgeModel: run.judge_model ?? "",
    threshold: String(run.criterion_threshold),
    personaIds: run.persona_ids,
    budgetTurns: textOf(budget.max_turns),
    budgetTokens: textOf(budget.max_tokens),
    budgetCost: textOf(budget.max_cost_usd),
    baseline: run.id,
    toolOverrides: run.tool_overrides,
  };
}

function kindOf(target: Run["target"]): TargetKind {
  if (target.agent_id) return "agent";
  if (target.catalog_slug) return "catalog";
  if (target.revision_id) return "revision";
  return target.url ? "url" : "relay";
}

/** Return the request of a form; the API refuses what is wrong with it. */
export function requestOf(draft: Draft): Schema["RunCreate"] {
  const budget = {
    ...number("max_turns", draft.budgetTurns),
    ...number("max_tokens", draft.budgetTokens),
    ...number("max_cost_usd", draft.budgetCost),
  };
  return {
    target: targetOf(draft),
    ...(draft.by === "list"
      ? { scenario_ids: [...draft.scenarioIds] }
      : { tags: tagsOf(draft.tags) }),
    ...text("name", draft.name),
    ...number("repeats", draft.repeats),
    ...number("max_concurrency", draft.maxConcurrency),
    ...number("max_turns", draft.maxTurns),
    ...number("criterion_threshold", draft.threshold),
    ...text("user_model", draft.userModel),
    ...text("judge_model", draft.judgeModel),
    ...text("baseline_run_id", draft.baseline),
    ...(draft.personaIds.length > 0 && { persona_ids: [...draft.personaIds] }),
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(draft.toolOverrides && {
      tool_overrides: draft.toolOverrides as Schema["RunCreateToolOverrides"],
    }),
  } as Schema["RunCreate"];
}

function targetOf(draft: Draft): Schema["RunTarget"] {
  switch (draft.kind) {
    case "agent":
      return { agent_id: draft.agentId };
    case "catalog":
      return { catalog_slug: draft.catalogSlug };
    case "revision":
      return { revision_id: draft.revisionId };
    case "relay":
      return { relay: true };
    default:
      return {
        url: draft.url.trim(),
        protocol: draft.protocol,
        ...text("model", draft.protocol === "openai" ? draft.targetModel : ""),
        ...text("secret", draft.secret),
      };
  }
}

function text<N extends string>(name: N, value: string) {
  return (value.trim() ? { [name]: value.trim() } : {}) as Partial<Record<N, string>>;
}

function number<N extends string>(name: N, value: string) {
  return (value.trim() ? { [name]: Number(value) } : {}) as Partial<Record<N, number>>;
}

/** Return the fault of a field, or of a part of it. */
export function faultOf(faults: readonly FieldFault[], path: string): string | undefined {
  return faults.find((fault) => fault.path === path || fault.path.startsWith(`${path}.`))?.message;
}

/** Return the number of simulations that a form makes; null if it cannot be known. */
export function simulationsOf(draft: Draft): number | null {
  if (draft.by === "tags") return null;
  const repeats = Number(draft.repeats || "1");
  if (!Number.isInteger(repeats)) return null;
  return draft.scenarioIds.length * Math.max(1, draft.personaIds.length) * repeats;
}
