import { type FormEvent, useState } from "react";
import { API_URL } from "@/api/client";
import { ApiError, errorOf } from "@/api/errors";
import { storeKey } from "@/api/key";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";

/** The form for the API key. The key is checked before it is stored. */
export function KeyForm({ wasRefused }: { wasRefused: boolean }) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get("key")).trim();
    setBusy(true);
    setError(null);
    try {
      await check(key);
      storeKey(key);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <main className="key-form">
      <form className="panel stack" onSubmit={submit}>
        <h1>Agent Sessions</h1>
        {wasRefused && !error && (
          <div className="notice warn" role="alert">
            <p>The key is no longer valid: it was revoked or has expired.</p>
          </div>
        )}
        <TextField
          label="API key"
          name="key"
          type="password"
          required
          autoFocus
          placeholder="gsk_…"
          hint={
            <>
              The key stays in this tab until it is closed. <code>make run</code> and{" "}
              <code>make env</code> print the local stack's key.
            </>
          }
        />
        {error !== null && <ErrorNotice error={error} />}
        <Button type="submit" look="primary" busy={isBusy}>
          Open the console
        </Button>
      </form>
    </main>
  );
}

async function check(key: string): Promise<void> {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new ApiError(401, "A key has letters, digits and signs only, without spaces.");
  }
  const headers = { "x-api-key": key };
  const response = await fetch(`${API_URL}/v1/identity/whoami`, { headers }).catch(() => {
    throw new ApiError(0, "The API does not answer.");
  });
  if (!response.ok) throw await errorOf(response);
}
