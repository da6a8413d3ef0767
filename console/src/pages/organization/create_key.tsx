import { type FormEvent, useId, useState } from "react";
import { api, type Schema } from "@/api/client";
import { useIdempotencyKey } from "@/api/idempotency";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { expiryIn, PERMISSIONS, scopesUpTo } from "./scopes";

type Created = Schema["CreatedApiKeyResponse"];
type Scope = Schema["KeyScope"];

const EXPIRIES = [
  ["", "Never"],
  ["7", "In 7 days"],
  ["30", "In 30 days"],
  ["90", "In 90 days"],
  ["365", "In a year"],
] as const;

/** The form of a key, then its secret, which is in this answer only. */
export function CreateKey({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const form = useId();
  const idempotencyKey = useIdempotencyKey();
  const [created, setCreated] = useState<Created | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      setCreated(await create(fields, idempotencyKey.of([...fields])));
      onCreated();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  if (created) return <Secret created={created} onClose={onClose} />;
  return (
    <Dialog
      title="Create an API key"
      isOpen
      // The answer alone has the secret: it is not missed by a closed dialog.
      onClose={() => !isBusy && onClose()}
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} look="primary" busy={isBusy}>
            Create key
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={128}
          dir="auto"
          hint="Purpose of the key, for people."
        />
        <SelectField label="Permissions" name="scope" defaultValue="write" options={PERMISSIONS} />
        <SelectField label="Expires" name="days" options={EXPIRIES} />
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  );
}

async function create(fields: FormData, idempotencyKey: string): Promise<Created> {
  const { data } = await api.POST("/v1/identity/api-keys", {
    params: { header: { "Idempotency-Key": idempotencyKey } },
    body: {
      name: String(fields.get("name")).trim(),
      scopes: scopesUpTo(String(fields.get("scope")) as Scope),
      expires_at: expiryIn(String(fields.get("days"))),
    },
  });
  if (!data) throw new Error("The API gave no answer.");
  return data;
}

function Secret({ created, onClose }: { created: Created; onClose: () => void }) {
  return (
    <Dialog
      title="Copy the key now"
      isOpen
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="stack">
        <div className="notice warn">
          <p>
            This is the only time that the key is shown: only its hash is stored. Whoever has it can
            use it with the scopes {created.scopes.join(", ")}.
          </p>
        </div>
        <div className="secret">{created.api_key}</div>
        <div>
          <CopyButton text={created.api_key} label="Copy key" />
        </div>
      </div>
    </Dialog>
  );
}
