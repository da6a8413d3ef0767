import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import type { Session } from "./requests";

/** A new title of an agent session. */
export function RenameDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useId();
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get("title")).trim();
    setBusy(true);
    try {
      await api.PATCH("/v1/sessions/{session_id}", {
        params: { path: { session_id: session.id } },
        body: { title },
      });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/captured-sessions/{session_id}"] });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }
  return (
    <Dialog
      title="Rename the session"
      isOpen
      onClose={onClose}
      actions={
        <Button type="submit" form={form} look="primary" busy={isBusy}>
          Save the title
        </Button>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        <TextField
          label="Title"
          name="title"
          required
          maxLength={255}
          defaultValue={session.title ?? ""}
          dir="auto"
        />
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  );
}
