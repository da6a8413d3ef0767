import { useState } from "react";
import { useMay } from "@/api/caller";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { Catalog } from "./catalog";
import { NewWorkflow } from "./new_workflow";
import "./playground.css";
import { RecentSessions } from "./recent_sessions";
import { Workflows } from "./workflows";

/** Workflows to try, and the sessions on them. */
export default function PlaygroundPage() {
  const mayWrite = useMay("write");
  const [isCreating, setCreating] = useState(false);
  return (
    <Page
      title="Playground"
      lead="Talk to a workflow, and see the way that the conversation takes through its graph."
      actions={
        mayWrite && (
          <Button look="primary" onClick={() => setCreating(true)}>
            New workflow
          </Button>
        )
      }
    >
      <section className="stack" aria-labelledby="catalog">
        <h2 id="catalog">Catalog</h2>
        <Catalog />
      </section>
      <section className="stack" aria-labelledby="workflows">
        <h2 id="workflows">Your workflows</h2>
        <Workflows />
      </section>
      <section className="stack" aria-labelledby="sessions">
        <RecentSessions />
      </section>
      <NewWorkflow isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}
