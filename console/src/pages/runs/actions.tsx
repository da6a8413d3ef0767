import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { $api, api } from "@/api/client";
import { curl } from "@/api/curl";
import { Button, buttonClasses } from "@/ui/button";
import { useCopy } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { SelectField } from "@/ui/field";
import { wholeTime } from "@/ui/format";
import { Menu } from "@/ui/menu";
import { Skeleton } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import { downloadReport, REPORTS } from "./reports";
import { isLive, type Run } from "./runs";

/** Actions of a run: cancel, repeat, compare, download its reports, copy its request. */
export function RunActions({ run }: { run: Run }) {
  const mayWrite = useMay("write");
  const { noteError } = useToasts();
  const [isComparing, setComparing] = useState(false);
  const reports = REPORTS.map(({ format, name }) => ({
    text: `Download as ${name}`,
    onSelect: () => void downloadReport(run.id, format).catch(noteError),
  }));
  const copy = useCopy();
  return (
    <>
      {mayWrite && isLive(run) && run.finished_at === null && <CancelButton run={run} />}
      {mayWrite && (
        <Link to="/runs/new" search={{ from: run.id }} className={buttonClasses()}>
          Repeat
        </Link>
      )}
      <Button onClick={() => setComparing(true)}>Compare</Button>
      <Menu label="Report" entries={reports} />
      <Menu
        label="More"
        entries={[
          { text: "Copy as curl", onSelect: () => void copy(curl(`/v1/runs/${run.id}`)) },
          { text: "Copy the id", onSelect: () => void copy(run.id) },
        ]}
      />
      {isComparing && <CompareDialog run={run} onClose={() => setComparing(false)} />}
    </>
  );
}

function CancelButton({ run }: { run: Run }) {
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const queries = useQueryClient();
  const { noteError } = useToasts();
  const path = { params: { path: { run_id: run.id } } };
  async function cancel() {
    setBusy(true);
    try {
      const { data } = await api.POST("/v1/runs/{run_id}/cancel", path);
      queries.setQueryData($api.queryOptions("get", "/v1/runs/{run_id}", path).queryKey, data);
    } catch (error) {
      noteError(error);
    }
    setBusy(false);
    setAsking(false);
  }
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        Cancel the run
      </Button>
      <Dialog
        title="Cancel the run?"
        description="Its simulations end within a turn. Those that have ended keep their verdicts."
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Let it run</Button>
            <Button look="danger" busy={isBusy} onClick={cancel}>
              Cancel the run
            </Button>
          </>
        }
      />
    </>
  );
}

/** Choice of an earlier run: the baseline first, then those of the same name. */
function CompareDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(run.baseline_run_id ?? "");
  const runs = $api.useQuery("get", "/v1/runs", { params: { query: { limit: 200 } } });
  const others = (runs.data?.items ?? [])
    .filter((one) => one.id !== run.id)
    .toSorted((a, b) => Number(b.name === run.name) - Number(a.name === run.name));
  const options = others.map(
    (one) =>
      [
        one.id,
        `${one.name} · ${wholeTime(one.created_at)}${one.id === run.baseline_run_id ? " (baseline)" : ""}`,
      ] as const,
  );
  const selected = chosen || (options[0]?.[0] ?? "");
  return (
    <Dialog
      title="Compare with an earlier run"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            disabled={selected === ""}
            onClick={() =>
              navigate({
                to: "/runs/$runId/compare/$baselineId",
                params: { runId: run.id, baselineId: selected },
              })
            }
          >
            Compare
          </Button>
        </>
      }
    >
      {runs.isPending && <Skeleton height="4rem" />}
      {runs.data && (
        <SelectField
          label="Earlier run"
          hint={others.length === 0 ? "There is no other run." : "The last 200 runs."}
          options={options}
          value={selected}
          onChange={(event) => setChosen(event.target.value)}
        />
      )}
    </Dialog>
  );
}
