import { useState } from "react";
import { $api } from "@/api/client";
import { SelectField } from "@/ui/field";
import { Skeleton } from "@/ui/notices";
import { Matrix, type Row } from "./matrix";
import { PassCurve } from "./pass_curve";
import { PassRates } from "./pass_rates";
import { isLive, type Run } from "./runs";
import { byNeed, classOf, type Tally, tallyOf, type Unit, unitKey } from "./scores";
import { usePersonaNames } from "./use_run";

type Props = { run: Run; units: readonly Unit[]; isPending: boolean };

/** Matrix and plots of a run. */
export function Overview({ run, units, isPending }: Props) {
  const personas = usePersonaNames(run.persona_ids);
  const before = useBaseline(run);
  const rows = units.map((unit) => ({
    ...unit,
    tally: tallyOf(unit.results),
    persona: unit.personaId ? (personas.get(unit.personaId) ?? unit.personaId) : "",
  }));
  if (isPending) return <Skeleton height="30rem" />;
  return (
    <div className="stack">
      <MatrixPanel run={run} rows={rows} />
      <div className="run-columns">
        <section className="panel" aria-labelledby="rates-title">
          <header>
            <h2 id="rates-title">Pass rate</h2>
          </header>
          <div className="body">
            <PassRates rows={rows} before={before} />
          </div>
        </section>
        <section className="panel" aria-labelledby="curve-title">
          <header>
            <h2 id="curve-title">pass^k</h2>
            <span className="muted small">probability that k repeats of a scenario all pass</span>
          </header>
          <div className="body">
            <PassCurve
              tallies={rows.map((row) => row.tally)}
              before={before && [...before.values()]}
              repeats={run.repeats}
            />
          </div>
        </section>
      </div>
    </div>
  );
}

/** Tallies of the baseline by unit; undefined without one, and until the run has ended. */
function useBaseline(run: Run): ReadonlyMap<string, Tally> | undefined {
  const params = { path: { run_id: run.id }, query: { with: run.baseline_run_id ?? "" } };
  const { data } = $api.useQuery(
    "get",
    "/v1/runs/{run_id}/compare",
    { params },
    { enabled: run.baseline_run_id !== null && !isLive(run), staleTime: 60_000 },
  );
  if (!data) return undefined;
  return new Map(
    data.items.flatMap((item) => (item.before ? [[unitKey(item), item.before] as const] : [])),
  );
}

const CLASSES = [
  ["", "All scenarios"],
  ["failing", "No repeat passed"],
  ["flaky", "Some repeats passed"],
  ["passing", "All repeats passed"],
] as const;

function MatrixPanel({ run, rows }: { run: Run; rows: readonly Row[] }) {
  const [shown, setShown] = useState("");
  const [order, setOrder] = useState("run");
  const chosen = rows.filter((row) => shown === "" || classOf(row.tally) === shown);
  return (
    <section className="panel" aria-labelledby="matrix-title">
      <header>
        <h2 id="matrix-title">Scenarios by repeats</h2>
        <div className="row push matrix-filters">
          <SelectField
            label="Show"
            value={shown}
            options={CLASSES}
            onChange={(event) => setShown(event.target.value)}
          />
          <SelectField
            label="Order"
            value={order}
            options={[
              ["run", "As they ran"],
              ["need", "Failing first"],
            ]}
            onChange={(event) => setOrder(event.target.value)}
          />
        </div>
      </header>
      <div className="body">
        {chosen.length === 0 ? (
          <p className="muted">No scenario is in this group.</p>
        ) : (
          <Matrix
            runId={run.id}
            rows={order === "need" ? byNeed(chosen) : chosen}
            repeats={run.repeats}
          />
        )}
      </div>
    </section>
  );
}
