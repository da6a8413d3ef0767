import { Link } from "@tanstack/react-router";
import { $api } from "@/api/client";
import { count } from "@/ui/format";
import { JsonText } from "@/ui/texts";
import { Time } from "@/ui/time";
import type { Run } from "./runs";
import { Target } from "./target";
import { usePersonaNames } from "./use_run";

/** Settings of a run, and its record as the API returns it. */
export function SettingsPanel({ run }: { run: Run }) {
  const personas = usePersonaNames(run.persona_ids);
  const models = $api.useQuery("get", "/v1/models", {}, { staleTime: 60_000 }).data?.data ?? [];
  const modelName = (id: string | null, none: string) =>
    id === null ? none : (models.find((one) => one.id === id)?.name ?? id);
  const { max_turns, max_tokens, max_cost_usd } = run.budget;
  const budget = [
    max_turns !== null && `${count(max_turns)} turns`,
    max_tokens !== null && `${count(max_tokens)} tokens`,
    max_cost_usd !== null && `$${max_cost_usd}`,
  ].filter(Boolean);
  return (
    <div className="stack">
      <dl className="facts">
        <dt>Target</dt>
        <dd>
          <Target target={run.target} />
        </dd>
        <dt>Scenarios</dt>
        <dd>{count(run.scenarios)}</dd>
        <dt>Repeats</dt>
        <dd>{count(run.repeats)}</dd>
        <dt>Personas</dt>
        <dd dir="auto">
          {run.persona_ids.map((id) => personas.get(id) ?? id).join(", ") || "the recorded user"}
        </dd>
        <dt>User</dt>
        <dd>{modelName(run.user_model, "script of the recorded messages")}</dd>
        <dt>Judge</dt>
        <dd>{modelName(run.judge_model, "none: success criteria are undecided")}</dd>
        <dt>Score that passes</dt>
        <dd>{run.criterion_threshold} of 5</dd>
        <dt>Limits</dt>
        <dd>
          {count(run.max_turns)} turns a simulation, {count(run.max_concurrency)} simulations at
          once
        </dd>
        <dt>Budget</dt>
        <dd>{budget.join(", ") || "none"}</dd>
        <dt>Baseline</dt>
        <dd>
          {run.baseline_run_id ? (
            <Link to="/runs/$runId" params={{ runId: run.baseline_run_id }}>
              {run.baseline_run_id}
            </Link>
          ) : (
            "none"
          )}
        </dd>
        <dt>Created</dt>
        <dd>
          <Time value={run.created_at} /> by <code>{run.created_by}</code>
        </dd>
      </dl>
      <h3>Record</h3>
      <JsonText value={run} label="Record of the run" />
    </div>
  );
}
