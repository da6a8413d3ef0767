import { Link, useParams } from "@tanstack/react-router";
import { $api, type Schema } from "@/api/client";
import { curl } from "@/api/curl";
import { buttonClasses } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { cost, count, duration } from "@/ui/format";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { JsonText, UserText } from "@/ui/texts";
import { Conversation } from "./conversation";
import { SessionLink, sessionIdOf } from "./links";
import { Cell } from "./matrix";
import { ResultBadge } from "./progress";
import { nameOf } from "./runs";
import { usePersonaNames } from "./use_run";
import { Verdict } from "./verdict";
import "./runs.css";

export type Simulation = Schema["SimulationResponse"];

export default function SimulationPage() {
  const { runId = "", number: text = "" } = useParams({ strict: false });
  const number = Number(text);
  const {
    data: simulation,
    error,
    isPending,
    refetch,
  } = $api.useQuery(
    "get",
    "/v1/runs/{run_id}/simulations/{number}",
    { params: { path: { run_id: runId, number } } },
    { refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? 3_000 : false) },
  );
  return (
    <Page
      title={simulation ? `${nameOf(simulation)}, repeat ${simulation.repeat + 1}` : "Simulation"}
      lead={simulation ? <Lead runId={runId} simulation={simulation} /> : "Loading…"}
      actions={simulation && <Actions runId={runId} simulation={simulation} />}
    >
      {error && <ErrorNotice error={error} onRetry={() => refetch()} />}
      {isPending && <Skeleton height="40rem" />}
      {simulation && <SimulationBody key={number} runId={runId} simulation={simulation} />}
    </Page>
  );
}

const isOpen = ({ status }: Simulation) => status === "pending" || status === "running";

function Lead({ runId, simulation }: { runId: string; simulation: Simulation }) {
  const run = $api.useQuery("get", "/v1/runs/{run_id}", { params: { path: { run_id: runId } } });
  const personas = usePersonaNames(simulation.persona_id ? [simulation.persona_id] : []);
  return (
    <span className="row">
      <ResultBadge result={simulation} />
      <span>
        Simulation {count(simulation.number)} of{" "}
        <Link to="/runs/$runId" params={{ runId }} dir="auto">
          {run.data?.name ?? "the run"}
        </Link>
      </span>
      {simulation.persona_id && (
        <span>
          with <bdi>{personas.get(simulation.persona_id) ?? simulation.persona_id}</bdi>
        </span>
      )}
    </span>
  );
}

function Actions({ runId, simulation }: { runId: string; simulation: Simulation }) {
  const sessionId = sessionIdOf(simulation);
  const path = `/v1/runs/${runId}/simulations/${simulation.number}`;
  return (
    <>
      {sessionId && (
        <Link to="/sessions/$sessionId" params={{ sessionId }} className={buttonClasses()}>
          Open session
        </Link>
      )}
      <Link
        to="/scenarios/$scenarioId"
        params={{ scenarioId: simulation.scenario_id }}
        className={buttonClasses()}
      >
        Open scenario
      </Link>
      <CopyButton label="Copy as curl" text={curl(path)} />
    </>
  );
}

function SimulationBody({ runId, simulation }: { runId: string; simulation: Simulation }) {
  return (
    <>
      <Repeats runId={runId} simulation={simulation} />
      {simulation.error && (
        <div className="notice bad">
          <UserText text={simulation.error} />
        </div>
      )}
      <div className="simulation-columns">
        <div className="stack">
          <Verdict simulation={simulation} />
          <Facts simulation={simulation} />
        </div>
        <Conversation simulation={simulation} isLive={isOpen(simulation)} />
      </div>
    </>
  );
}

/** The other repeats of the scenario, to go from one to the next. */
function Repeats({ runId, simulation }: { runId: string; simulation: Simulation }) {
  const query = { scenario_id: simulation.scenario_id, limit: 200 };
  const results = $api.useQuery("get", "/v1/runs/{run_id}/results", {
    params: { path: { run_id: runId }, query },
  });
  const repeats = (results.data?.items ?? [])
    .filter((result) => result.persona_id === simulation.persona_id)
    .toSorted((a, b) => a.repeat - b.repeat);
  return (
    <nav aria-label="Repeats of the scenario" className="repeats">
      <ol className="row">
        {repeats.map((result) => (
          <li
            key={result.number}
            className={result.number === simulation.number ? "current-repeat" : ""}
            {...(result.number === simulation.number && { "aria-current": "true" as const })}
          >
            <Cell runId={runId} result={result} repeat={result.repeat} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Facts({ simulation }: { simulation: Simulation }) {
  const { seconds, cost_usd, input_tokens, output_tokens, turns, tool_calls } = simulation;
  return (
    <section className="panel" aria-labelledby="facts-title">
      <header>
        <h2 id="facts-title">Measures</h2>
      </header>
      <div className="body stack">
        <dl className="facts">
          <dt>End</dt>
          <dd dir="auto">{simulation.end_reason ?? "–"}</dd>
          <dt>Turns</dt>
          <dd>{count(turns)}</dd>
          <dt>Tool calls</dt>
          <dd>{count(tool_calls)}</dd>
          <dt>Tokens</dt>
          <dd>
            {count(input_tokens)} in, {count(output_tokens)} out
          </dd>
          <dt>Cost</dt>
          <dd>{cost_usd === null ? "not reported" : cost(cost_usd)}</dd>
          <dt>Answers took</dt>
          <dd>{duration(1_000 * seconds)}</dd>
          <dt>Session</dt>
          <dd>
            <SessionLink result={simulation}>{sessionIdOf(simulation) ?? "not begun"}</SessionLink>
          </dd>
        </dl>
        <details>
          <summary>Inputs and record</summary>
          <JsonText value={simulation} label="Record of the simulation" />
        </details>
      </div>
    </section>
  );
}
