import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMay } from "@/api/caller";
import { $api } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { count } from "@/ui/format";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { draftOf, draftOfRun } from "./draft";
import type { Run } from "./runs";
import { StartForm } from "./start_form";
import "./runs.css";

export default function StartPage() {
  const search = useSearch({ strict: false });
  const mayWrite = useMay("write");
  return (
    <Page
      title={search.from ? "Repeat a run" : "New run"}
      lead="Scenarios are played against an agent; checks and a judge say what passed."
    >
      {!mayWrite && (
        <p className="notice warn">A key with the scope write is needed to start a run.</p>
      )}
      {search.from ? <Repeated runId={search.from} /> : <StartForm initial={draftOf(search)} />}
    </Page>
  );
}

/** Pages of results that are read for the scenarios of a run; each has 200. */
const MAX_PAGES = 50;

/** The form of a run that exists. */
function Repeated({ runId }: { runId: string }) {
  const run = $api.useQuery("get", "/v1/runs/{run_id}", { params: { path: { run_id: runId } } });
  // The form stays if a later request fails.
  if (run.error && !run.data)
    return <ErrorNotice error={run.error} onRetry={() => run.refetch()} />;
  if (!run.data) return <Skeleton height="50rem" />;
  return <WithScenarios run={run.data} />;
}

/** A run does not list its scenarios: its results do. */
function WithScenarios({ run }: { run: Run }) {
  const query = { limit: 200 };
  const results = $api.useInfiniteQuery(
    "get",
    "/v1/runs/{run_id}/results",
    { params: { path: { run_id: run.id }, query } },
    { ...CURSOR, refetchOnWindowFocus: false },
  );
  const { fetchNextPage, hasNextPage, isFetching, error } = results;
  const canRead = hasNextPage && (results.data?.pages.length ?? 0) < MAX_PAGES;
  useEffect(() => {
    if (canRead && !isFetching && !error) void fetchNextPage();
  }, [canRead, isFetching, error, fetchNextPage]);
  if (error && (!results.data || canRead))
    return <ErrorNotice error={error} onRetry={() => results.refetch()} />;
  const items = results.data?.pages.flatMap((page) => page.items) ?? [];
  if (!results.data || canRead) {
    return (
      <>
        <p className="muted" role="status">
          Reading the scenarios of the run: {count(items.length)} of {count(run.progress.total)}{" "}
          results
        </p>
        <Skeleton height="50rem" />
      </>
    );
  }
  const scenarioIds = [...new Set(items.map((item) => item.scenario_id))];
  return (
    <>
      {hasNextPage && (
        <p className="notice warn">
          The run is too large to read all of its scenarios here: these are the first{" "}
          {count(scenarioIds.length)} of {count(run.scenarios)}. Choose them by their tags instead.
        </p>
      )}
      <StartForm initial={draftOfRun(run, scenarioIds)} />
    </>
  );
}
