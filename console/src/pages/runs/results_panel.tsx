import { $api } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { Addressed } from "@/ui/addressed";
import { SelectField } from "@/ui/field";
import { cost, count, duration } from "@/ui/format";
import { LoadMore } from "@/ui/load_more";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { SessionLink, SimulationLink } from "./links";
import { ResultBadge } from "./progress";
import {
  isLive,
  nameOf,
  OUTCOMES,
  type Result,
  type ResultOutcome,
  type Run,
  reasonOf,
} from "./runs";
import type { Unit } from "./scores";

type Filter = { outcome: string; scenario: string };
type Props = {
  run: Run;
  units: readonly Unit[];
  filter: Filter;
  onFilter: (change: Partial<Filter>) => void;
};

/** Results by page, filtered by outcome and scenario. */
export function ResultsPanel({ run, units, filter, onFilter }: Props) {
  const scenarios = new Map(units.map((unit) => [unit.scenarioId, unit.name]));
  const outcome = filter.outcome in OUTCOMES ? (filter.outcome as ResultOutcome) : null;
  const query = {
    limit: 50,
    ...(outcome && { outcome }),
    ...(filter.scenario && { scenario_id: filter.scenario }),
  };
  const results = $api.useInfiniteQuery(
    "get",
    "/v1/runs/{run_id}/results",
    { params: { path: { run_id: run.id }, query } },
    { ...CURSOR, refetchInterval: isLive(run) && 5_000 },
  );
  const items = results.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="stack">
      <div className="run-filters">
        <Addressed value={outcome ?? ""} onChange={(chosen) => onFilter({ outcome: chosen })}>
          {(given) => (
            <SelectField
              label="Outcome"
              options={[
                ["", "All outcomes"],
                ...Object.entries(OUTCOMES).map(([value, { text }]) => [value, text] as const),
              ]}
              {...given}
            />
          )}
        </Addressed>
        <Addressed value={filter.scenario} onChange={(scenario) => onFilter({ scenario })}>
          {(given) => (
            <SelectField
              label="Scenario"
              options={[["", "All scenarios"], ...scenarios]}
              {...given}
            />
          )}
        </Addressed>
      </div>
      {results.error && <ErrorNotice error={results.error} onRetry={() => results.refetch()} />}
      {results.isPending && <Skeleton height="20rem" />}
      {results.data && items.length === 0 && (
        <p className="muted">No result has this outcome and scenario.</p>
      )}
      {items.length > 0 && <ResultsTable runId={run.id} items={items} />}
      <LoadMore pages={results} />
    </div>
  );
}

function ResultsTable({ runId, items }: { runId: string; items: readonly Result[] }) {
  return (
    <div className="table-frame">
      <table className="table results">
        <thead>
          <tr>
            <th scope="col">Simulation</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reasons</th>
            <th scope="col" className="number">
              Turns
            </th>
            <th scope="col" className="number">
              Tool calls
            </th>
            <th scope="col" className="number">
              Tokens
            </th>
            <th scope="col" className="number">
              Time
            </th>
            <th scope="col" className="number">
              Cost
            </th>
            <th scope="col">Session</th>
          </tr>
        </thead>
        <tbody>
          {items.map((result) => (
            <ResultRow key={result.number} runId={runId} result={result} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ResultRow({ runId, result }: { runId: string; result: Result }) {
  return (
    <tr>
      <th scope="row" className="result-name">
        <SimulationLink runId={runId} number={result.number}>
          <bdi>{nameOf(result)}</bdi>, repeat {result.repeat + 1}
        </SimulationLink>
      </th>
      <td>
        <ResultBadge result={result} />
      </td>
      <td>
        <Reasons result={result} />
      </td>
      <td className="number">{count(result.turns)}</td>
      <td className="number">{count(result.tool_calls)}</td>
      <td className="number">{count(result.input_tokens + result.output_tokens)}</td>
      <td className="number">{duration(1_000 * result.seconds)}</td>
      <td className="number">{result.cost_usd === null ? "–" : cost(result.cost_usd)}</td>
      <td>
        {result.session_id ? <SessionLink result={result}>Open session</SessionLink> : "not begun"}
      </td>
    </tr>
  );
}

/** Reasons of a simulation that did not pass, each with its event. */
export function Reasons({ result }: { result: Result }) {
  const reasons = [...(result.error ? [result.error] : []), ...result.reasons];
  if (reasons.length === 0) return null;
  return (
    <ul className="result-reasons small">
      {reasons.map((reason) => {
        const { text, sequence } = reasonOf(reason);
        return (
          <li key={reason}>
            <bdi>{text}</bdi>{" "}
            {sequence !== null && (
              <SessionLink result={result} sequence={sequence}>
                Event {sequence}
              </SessionLink>
            )}
          </li>
        );
      })}
    </ul>
  );
}
