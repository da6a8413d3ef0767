import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { $api } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { Button, buttonClasses } from "@/ui/button";
import { count } from "@/ui/format";
import { LoadMore } from "@/ui/load_more";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { RunRow } from "./list_row";
import { isLive, type Run } from "./runs";
import { usePause } from "./use_run";
import "./runs.css";

/** The runs, newest first; asked again while one of them goes on. */
function useRuns() {
  const pause = usePause();
  return $api.useInfiniteQuery(
    "get",
    "/v1/runs",
    { params: { query: { limit: 50 } } },
    {
      ...CURSOR,
      refetchOnWindowFocus: "always",
      refetchInterval: ({ state }) => {
        if (!state.data?.pages.some((page) => page.items.some(isLive))) return false;
        return 2 * pause(state.data);
      },
    },
  );
}

export default function RunsPage() {
  const runs = useRuns();
  const mayWrite = useMay("write");
  const [selected, setSelected] = useState<readonly Run[]>([]);
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title="Runs"
      lead="Scenarios against an agent: what passed, what broke, and what changed."
      actions={
        <>
          <CompareButton selected={selected} />
          {mayWrite && (
            <Link to="/runs/new" className={buttonClasses({ look: "primary" })}>
              New run
            </Link>
          )}
        </>
      }
    >
      {runs.error && <ErrorNotice error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.isPending && <Skeleton height="24rem" />}
      {runs.data && items.length === 0 && <NoRuns mayWrite={mayWrite} />}
      {items.length > 0 && <RunsTable items={items} selected={selected} onSelect={setSelected} />}
      <LoadMore pages={runs} />
    </Page>
  );
}

function CompareButton({ selected }: { selected: readonly Run[] }) {
  const navigate = useNavigate();
  const [earlier, later] = selected.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const isReady = selected.length === 2 && earlier && later;
  return (
    <Button
      disabled={!isReady}
      title={isReady ? "" : "Select two runs in the list."}
      onClick={() =>
        isReady &&
        navigate({
          to: "/runs/$runId/compare/$baselineId",
          params: { runId: later.id, baselineId: earlier.id },
        })
      }
    >
      Compare {selected.length > 0 && `(${count(selected.length)} of 2)`}
    </Button>
  );
}

function NoRuns({ mayWrite }: { mayWrite: boolean }) {
  return (
    <Empty title="No runs yet">
      <p>
        A run plays scenarios against an agent, checks what it did, and says what passed. Make a
        scenario from a captured session first.
      </p>
      <div className="row">
        {mayWrite && (
          <Link to="/runs/new" className={buttonClasses({ look: "primary" })}>
            Start a run
          </Link>
        )}
        <Link to="/scenarios" className={buttonClasses()}>
          Show the scenarios
        </Link>
      </div>
    </Empty>
  );
}

type TableProps = {
  items: readonly Run[];
  selected: readonly Run[];
  onSelect: (runs: readonly Run[]) => void;
};

function RunsTable({ items, selected, onSelect }: TableProps) {
  const headings = ["Target", "Status", "Progress", "Pass rate", "pass^k", "Started", "Duration"];
  return (
    <div className="table-frame">
      <table className="table runs-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Compare</span>
            </th>
            <th scope="col">Run</th>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {items.map((run) => {
            const isSelected = selected.some((one) => one.id === run.id);
            return (
              <RunRow
                key={run.id}
                run={run}
                isSelected={isSelected}
                isLocked={!isSelected && selected.length >= 2}
                onSelect={() =>
                  onSelect(
                    isSelected ? selected.filter((one) => one.id !== run.id) : [...selected, run],
                  )
                }
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
