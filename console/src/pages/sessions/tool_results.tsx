import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import type { Call } from "@/transcript/turns";
import { Button } from "@/ui/button";
import { SelectField, TextAreaField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { JsonText } from "@/ui/texts";

type Props = { sessionId: string; calls: readonly Call[] };

/** Forms for the results of calls that the client runs: the turn waits for them. */
export function ToolResults({ sessionId, calls }: Props) {
  return (
    <section className="panel" aria-labelledby="tool-results">
      <header>
        <h2 id="tool-results">The turn waits for results of your tools</h2>
      </header>
      <div className="body stack">
        {calls.map((call) => (
          <ResultForm key={call.id} sessionId={sessionId} call={call} />
        ))}
      </div>
    </section>
  );
}

function ResultForm({ sessionId, call }: { sessionId: string; call: Call }) {
  const [outcome, setOutcome] = useState("result");
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = outcome === "result" ? parsed(text) : { error: text };
    setFault(result === null ? "Enter JSON: a text needs quotes." : undefined);
    if (result === null) return;
    setBusy(true);
    setError(null);
    try {
      await api.POST("/v1/sessions/{session_id}/tool-results", {
        params: { path: { session_id: sessionId } },
        body: { tool_results: [{ tool_call_id: call.id, ...result }] },
      });
      // The result is taken: the form goes with the event of it.
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form className="stack" onSubmit={submit}>
      <p>
        <code dir="auto">{call.name}</code>
      </p>
      <JsonText value={call.args ?? {}} label={`Arguments of ${call.name}`} />
      <SelectField
        label="Outcome"
        value={outcome}
        options={[
          ["result", "Result"],
          ["error", "Error"],
        ]}
        onChange={(event) => setOutcome(event.target.value)}
      />
      <TextAreaField
        label={outcome === "result" ? "Result, as JSON" : "Reason of the failure"}
        required
        maxLength={outcome === "result" ? 100_000 : 10_000}
        value={text}
        fault={fault}
        onChange={(event) => setText(event.target.value)}
      />
      {error !== null && <ErrorNotice error={error} />}
      <div>
        <Button type="submit" look="primary" busy={isBusy}>
          Submit the result
        </Button>
      </div>
    </form>
  );
}

function parsed(text: string): { result: unknown } | null {
  try {
    return { result: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
