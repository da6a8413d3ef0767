import { useState } from "react";
import { $api, api } from "@/api/client";
import { useIdempotencyKey } from "@/api/idempotency";
import { Button } from "@/ui/button";
import { useMessageForm } from "@/ui/message_form";
import { ErrorNotice } from "@/ui/notices";
import type { Session } from "./requests";

/** Characters of a message, at most (the API's limit). */
const MAX_LENGTH = 400_000;

type Props = { session: Session; isRunning: boolean; onSent: () => void };

/** The form for the next message of an agent session: Enter sends, Shift and Enter begin a line. */
export function Composer({ session, isRunning, onSent }: Props) {
  const [model, setModel] = useState("");
  const [error, setError] = useState<unknown>(null);
  const key = useIdempotencyKey();
  const form = useMessageForm(post);

  async function post(text: string): Promise<boolean> {
    setError(null);
    try {
      await api.POST("/v1/sessions/{session_id}/messages", {
        params: {
          path: { session_id: session.id },
          header: { "Idempotency-Key": key.of([text, model]) },
        },
        body: {
          message: { role: "user", content: [{ type: "text", text }] },
          ...(model && { controls: { model_id: model } }),
        },
      });
      key.renew();
      onSent();
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    }
  }

  return (
    <form className="composer stack" onSubmit={form.send}>
      {error !== null && <ErrorNotice error={error} />}
      <textarea
        className="input"
        aria-label="Message to the agent"
        placeholder="Message to the agent. Enter sends; Shift and Enter begin a line."
        rows={2}
        dir="auto"
        maxLength={MAX_LENGTH}
        value={form.text}
        onChange={(event) => form.write(event.target.value)}
        onKeyDown={form.sendByEnter}
      />
      <div className="row">
        <ModelChoice value={model} onChange={setModel} />
        {isRunning && <CancelButton sessionId={session.id} onError={setError} />}
        <Button
          type="submit"
          look="primary"
          className="push"
          busy={form.isBusy}
          disabled={form.isEmpty}
        >
          Send
        </Button>
      </div>
    </form>
  );
}

function ModelChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data } = $api.useQuery("get", "/v1/models", {}, { staleTime: 60_000 });
  return (
    <select
      className="input"
      aria-label="Model of the answer"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">Model of the session</option>
      {data?.data.map((model) => (
        <option key={model.id} value={model.id} disabled={!model.healthy}>
          {model.name}
          {model.healthy ? "" : " (does not answer)"}
        </option>
      ))}
    </select>
  );
}

type CancelProps = { sessionId: string; onError: (error: unknown) => void };

function CancelButton({ sessionId, onError }: CancelProps) {
  const [isBusy, setBusy] = useState(false);
  async function cancel() {
    setBusy(true);
    try {
      await api.POST("/v1/sessions/{session_id}/cancel", {
        params: { path: { session_id: sessionId } },
      });
    } catch (error) {
      onError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button look="danger" busy={isBusy} onClick={() => void cancel()}>
      Cancel the turn
    </Button>
  );
}
