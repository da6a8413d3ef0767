import { $api } from "@/api/client";
import { SelectField, TextField } from "@/ui/field";
import { wholeTime } from "@/ui/format";
import type { Draft } from "./draft";
import type { FormPart } from "./start_form";

type NumberOf = {
  field: keyof Draft & string;
  path: string;
  label: string;
  hint: string;
  min?: number;
  max?: number;
  step?: string;
};

const LIMITS: readonly NumberOf[] = [
  { field: "repeats", path: "repeats", label: "Repeats", hint: "1 to 16", min: 1, max: 16 },
  {
    field: "maxConcurrency",
    path: "max_concurrency",
    label: "Simulations at once",
    hint: "1 to 50; 10 unless given",
    min: 1,
    max: 50,
  },
  {
    field: "maxTurns",
    path: "max_turns",
    label: "Turns of a simulation",
    hint: "1 to 200; 20 unless given",
    min: 1,
    max: 200,
  },
];
const BUDGET: readonly NumberOf[] = [
  { field: "budgetTurns", path: "budget.max_turns", label: "Turns", hint: "Of all simulations" },
  {
    field: "budgetTokens",
    path: "budget.max_tokens",
    label: "Tokens",
    hint: "Of the target, the user and the judge",
  },
  {
    field: "budgetCost",
    path: "budget.max_cost_usd",
    label: "Dollars",
    hint: "As the target reports them",
    min: 0,
    step: "any",
  },
];

/** Repeats, limits and budget. */
export function LimitsFields(part: FormPart) {
  return (
    <>
      <fieldset className="panel">
        <legend>Size</legend>
        <div className="body form-grid">
          <NumberFields {...part} fields={LIMITS} />
        </div>
      </fieldset>
      <fieldset className="panel">
        <legend>Budget</legend>
        <div className="body stack">
          <p className="muted small">
            The run ends within a turn of exceeding one. Empty: no limit.
          </p>
          <div className="form-grid">
            <NumberFields {...part} fields={BUDGET} />
          </div>
        </div>
      </fieldset>
    </>
  );
}

function NumberFields({ draft, set, fault, fields }: FormPart & { fields: readonly NumberOf[] }) {
  return fields.map(({ field, path, ...rest }) => (
    <TextField
      key={field}
      type="number"
      inputMode="decimal"
      fault={fault(path)}
      value={String(draft[field])}
      onChange={(event) => set({ [field]: event.target.value })}
      {...rest}
    />
  ));
}

/** Models of the user and the judge, personas, and the run to compare with. */
export function PeopleFields(part: FormPart) {
  const { draft, set, fault } = part;
  const models = $api.useQuery("get", "/v1/models", {}, { staleTime: 60_000 });
  const choices = (models.data?.data ?? []).map(
    (one) =>
      [one.id, `${one.name} (${one.provider})${one.healthy ? "" : ", not healthy"}`] as const,
  );
  return (
    <fieldset className="panel">
      <legend>User, judge and baseline</legend>
      <div className="body stack">
        <div className="form-grid">
          <SelectField
            label="User's model"
            hint="Plays the user."
            fault={fault("user_model")}
            options={[["", "None: script of the recorded messages"], ...choices]}
            value={draft.userModel}
            onChange={(event) => set({ userModel: event.target.value })}
          />
          <SelectField
            label="Judge's model"
            hint="Judges success criteria."
            fault={fault("judge_model")}
            options={[["", "None: criteria are undecided"], ...choices]}
            value={draft.judgeModel}
            onChange={(event) => set({ judgeModel: event.target.value })}
          />
          <TextField
            label="Score that passes"
            hint="Of criteria on a scale of 1 to 5; 4 unless given"
            type="number"
            min={1}
            max={5}
            fault={fault("criterion_threshold")}
            value={draft.threshold}
            onChange={(event) => set({ threshold: event.target.value })}
          />
          <BaselineField {...part} />
        </div>
        <PersonaFields {...part} />
      </div>
    </fieldset>
  );
}

function BaselineField({ draft, set, fault }: FormPart) {
  const runs = $api.useQuery("get", "/v1/runs", { params: { query: { limit: 200 } } });
  const options = (runs.data?.items ?? []).map(
    (run) => [run.id, `${run.name} · ${wholeTime(run.created_at)}`] as const,
  );
  const isThere = draft.baseline === "" || options.some(([id]) => id === draft.baseline);
  return (
    <SelectField
      label="Baseline"
      hint="Earlier run that reports compare with."
      fault={fault("baseline_run_id")}
      options={[
        ["", "None"],
        ...(isThere ? [] : [[draft.baseline, draft.baseline] as const]),
        ...options,
      ]}
      value={draft.baseline}
      onChange={(event) => set({ baseline: event.target.value })}
    />
  );
}

function PersonaFields({ draft, set, fault }: FormPart) {
  const query = { limit: 200, is_active: true };
  const personas = $api.useQuery("get", "/v1/personas", { params: { query } });
  const items = personas.data?.items ?? [];
  if (items.length === 0 && !fault("persona_ids")) return null;
  return (
    <div className="field">
      <span className="label" id="personas-label">
        Personas
      </span>
      <ul className="choices" aria-labelledby="personas-label">
        {items.map((persona) => (
          <li key={persona.id}>
            <label className="choice">
              <input
                type="checkbox"
                className="check"
                checked={draft.personaIds.includes(persona.id)}
                onChange={(event) =>
                  set({
                    personaIds: event.target.checked
                      ? [...draft.personaIds, persona.id]
                      : draft.personaIds.filter((id) => id !== persona.id),
                  })
                }
              />
              <span dir="auto">{persona.name}</span>
            </label>
          </li>
        ))}
      </ul>
      <span className="hint">Each plays the user in all scenarios. None: the recorded user.</span>
      {fault("persona_ids") && (
        <span className="fault" role="alert">
          {fault("persona_ids")}
        </span>
      )}
    </div>
  );
}
