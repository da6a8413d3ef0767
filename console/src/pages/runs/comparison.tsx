import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { $api } from "@/api/client";
import { buttonClasses } from "@/ui/button";
import { count } from "@/ui/format";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { CHANGES, type Change, type Comparison, pairsOf, pText } from "./changes";
import { ChangesTable } from "./changes_table";
import { Differences } from "./differences";
import { counted, isLive, type Run, rateText } from "./runs";
import { useRun } from "./use_run";
import "./runs.css";

export default function ComparisonPage() {
  const { runId = "", baselineId = "" } = useParams({ strict: false });
  const run = useRun(runId);
  const baseline = useRun(baselineId);
  const live = [run.data, baseline.data].some((one) => one && isLive(one));
  const comparison = $api.useQuery(
    "get",
    "/v1/runs/{run_id}/compare",
    { params: { path: { run_id: runId }, query: { with: baselineId } } },
    { refetchInterval: live && 5_000 },
  );
  const failed = [run, baseline, comparison].find((query) => query.error !== null);
  return (
    <Page
      title="Comparison of two runs"
      lead={<Lead run={run.data} baseline={baseline.data} />}
      actions={
        <Link
          to="/runs/$runId/compare/$baselineId"
          params={{ runId: baselineId, baselineId: runId }}
          className={buttonClasses()}
        >
          Swap the runs
        </Link>
      }
    >
      {failed && <ErrorNotice error={failed.error} onRetry={() => failed.refetch()} />}
      {run.data && baseline.data && comparison.data ? (
        <Body run={run.data} baseline={baseline.data} comparison={comparison.data} />
      ) : (
        !failed && <Skeleton height="40rem" />
      )}
    </Page>
  );
}

function Lead({ run, baseline }: { run: Run | undefined; baseline: Run | undefined }) {
  if (!run || !baseline) return "Loading…";
  return (
    <>
      <RunLink run={run} /> compared with <RunLink run={baseline} />
    </>
  );
}

function RunLink({ run }: { run: Run }) {
  return (
    <Link to="/runs/$runId" params={{ runId: run.id }} dir="auto">
      {run.name}
    </Link>
  );
}

type Props = { run: Run; baseline: Run; comparison: Comparison };

function Body({ run, baseline, comparison }: Props) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const chosen = search.change && search.change in CHANGES ? (search.change as Change) : null;
  const items = comparison.items.filter((item) => chosen === null || item.change === chosen);
  const choose = (change: string) =>
    navigate({ to: ".", search: { change }, replace: true, resetScroll: false });
  return (
    <>
      <Summary comparison={comparison} />
      <section className="stack" aria-labelledby="changes-title">
        <h2 id="changes-title">Scenarios</h2>
        <ul className="row" aria-label="Show only one kind of change">
          {Object.entries(CHANGES).map(([change, { text, sign, hint }]) => (
            <li key={change}>
              <button
                type="button"
                className="button compact"
                title={hint}
                aria-pressed={chosen === change}
                disabled={comparison.counts[change] === 0}
                onClick={() => choose(chosen === change ? "" : change)}
              >
                <span aria-hidden="true">{sign}</span> {text}{" "}
                <strong className="numbers">{count(comparison.counts[change] ?? 0)}</strong>
              </button>
            </li>
          ))}
        </ul>
        <ChangesTable run={run} baseline={baseline} items={items} />
      </section>
      <section className="stack" aria-labelledby="measures-title">
        <h2 id="measures-title">Scores and measures</h2>
        <Differences run={run} baseline={baseline} comparison={comparison} />
      </section>
    </>
  );
}

/** The change over the scenarios of both runs, and whether it is more than chance. */
function Summary({ comparison }: { comparison: Comparison }) {
  const { rate_before: before, rate_now: now, p_value: p } = comparison;
  const { both, better, worse } = pairsOf(comparison.items);
  if (before === null || now === null || p === null)
    return <p className="notice warn">No scenario is in both runs: there is nothing to compare.</p>;
  return (
    <p className="notice">
      <span>
        <strong className="numbers">
          Pass rate {rateText(before)} → {rateText(now)}
        </strong>{" "}
        over {counted(both, "scenario")} in both runs: {count(better)} better, {count(worse)} worse.
        A sign test gives p = {pText(p)}: {p <= 0.05 ? "too much for chance." : "may be chance."}
      </span>
    </p>
  );
}
