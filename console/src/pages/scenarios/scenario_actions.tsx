import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { curl } from "@/api/curl";
import { Button, buttonClasses } from "@/ui/button";
import { useCopy } from "@/ui/copy";
import { Menu } from "@/ui/menu";
import { ExportMenu } from "./export_menu";
import { ReplayDialog } from "./replay_dialog";
import type { Scenario } from "./stored";
import { useScenarioActions } from "./use_scenario_actions";

/** Actions on a stored scenario: duplicate, export, replay, run, delete. */
export function ScenarioActions({ scenario }: { scenario: Scenario }) {
  const mayWrite = useMay("write");
  const [isReplaying, setReplaying] = useState(false);
  const { duplicate, remove } = useScenarioActions(scenario);
  const navigate = useNavigate();
  const copy = useCopy();
  // Few others were created since then, and an export is filtered by time.
  const since = new Date(new Date(scenario.created_at).getTime() - 1_000).toISOString();
  return (
    <>
      {mayWrite && (
        <Menu
          label="More"
          entries={[
            { text: "Duplicate", onSelect: duplicate },
            {
              text: "Copy as curl",
              onSelect: () => void copy(curl(`/v1/scenarios/${scenario.id}`)),
            },
            {
              text: "Delete",
              isDanger: true,
              onSelect: () => {
                remove();
                void navigate({ to: "/scenarios", ignoreBlocker: true });
              },
            },
          ]}
        />
      )}
      <ExportMenu filters={{ created_after: since }} ids={[scenario.id]} label="Export" />
      {mayWrite && (
        <>
          <Button onClick={() => setReplaying(true)}>Replay…</Button>
          <Link
            to="/runs/new"
            search={{ scenarios: scenario.id }}
            className={buttonClasses({ look: "primary" })}
          >
            Run…
          </Link>
        </>
      )}
      {isReplaying && <ReplayDialog scenario={scenario} onClose={() => setReplaying(false)} />}
    </>
  );
}
