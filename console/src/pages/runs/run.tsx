import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { Time } from "@/ui/time";
import { RunActions } from "./actions";
import { FailuresPanel } from "./failures_panel";
import { Overview } from "./overview";
import { RunStatusBadge } from "./progress";
import { RelayNotice } from "./relay_notice";
import { ResultsPanel } from "./results_panel";
import { counted, isLive, type Run } from "./runs";
import { unitsOf } from "./scores";
import { ScoresPanel } from "./scores_panel";
import { SettingsPanel } from "./settings_panel";
import { Target } from "./target";
import { useResults, useRun } from "./use_run";
import "./runs.css";

export default function RunPage() {
  const { runId = "" } = useParams({ strict: false });
  const { data: run, error, isPending, refetch } = useRun(runId);
  return (
    <Page
      title={run?.name ?? "Run"}
      lead={run ? <Lead run={run} /> : "Loading…"}
      actions={run && <RunActions run={run} />}
    >
      {error && <ErrorNotice error={error} onRetry={() => refetch()} />}
      {isPending && <Skeleton height="40rem" />}
      {run && <RunBody key={run.id} run={run} />}
    </Page>
  );
}

function Lead({ run }: { run: Run }) {
  return (
    <span className="row">
      <RunStatusBadge status={run.status} />
      <Target target={run.target} />
      <span>
        {counted(run.scenarios, "scenario")} × {counted(run.repeats, "repeat")}
      </span>
      <span>
        created <Time value={run.created_at} />
      </span>
      {run.baseline_run_id && (
        <Link
          to="/runs/$runId/compare/$baselineId"
          params={{ runId: run.id, baselineId: run.baseline_run_id }}
        >
          Changes since the baseline
        </Link>
      )}
    </span>
  );
}

function RunBody({ run }: { run: Run }) {
  const results = useResults(run);
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const units = unitsOf(results.items);
  const go = (change: Record<string, string>) =>
    void navigate({
      to: ".",
      // Of the address as it is: another change may not be rendered yet.
      search: (now) => ({ ...now, ...change }),
      replace: true,
      resetScroll: false,
    });
  const filter = { outcome: search.outcome ?? "", scenario: search.scenario ?? "" };
  return (
    <>
      <p className="visually-hidden" role="status">
        {!isLive(run) && "All simulations of the run have ended."}
      </p>
      <RelayNotice run={run} />
      {run.error && (
        <p className="notice bad">
          <span dir="auto">{run.error}</span>
        </p>
      )}
      <ScoresPanel run={run} />
      {results.error != null && <ErrorNotice error={results.error} onRetry={results.retry} />}
      {results.hasMore && !results.isLoadingMore && (
        <p className="notice warn">
          The matrix, the plots and the failures are those of the first{" "}
          {count(results.items.length)} of {count(run.progress.total)} simulations.
          <Button onClick={results.loadMore}>Load more</Button>
        </p>
      )}
      <Tabs
        label="Parts of the run"
        selected={search.tab ?? "overview"}
        onSelect={(tab) => go({ tab: tab === "overview" ? "" : tab })}
        tabs={[
          {
            id: "overview",
            title: "Overview",
            content: <Overview run={run} units={units} isPending={results.isPending} />,
          },
          {
            id: "failures",
            title: "Failures",
            content: <FailuresPanel runId={run.id} results={results.items} />,
          },
          {
            id: "results",
            title: "Results",
            content: <ResultsPanel run={run} units={units} filter={filter} onFilter={go} />,
          },
          { id: "settings", title: "Settings", content: <SettingsPanel run={run} /> },
        ]}
      />
    </>
  );
}
