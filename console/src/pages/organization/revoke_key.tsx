import { useState } from "react";
import { api } from "@/api/client";
import { storeKey } from "@/api/key";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import type { Key } from "./keys";

type Props = { of: Key; isOwn: boolean; onClose: () => void; onRevoked: () => void };

/** The question before a key is revoked, which cannot be undone. */
export function RevokeKey({ of: key, isOwn, onClose, onRevoked }: Props) {
  const { note } = useToasts();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function revoke() {
    setBusy(true);
    setError(null);
    try {
      const params = { path: { key_id: key.id } };
      await api.DELETE("/v1/identity/api-keys/{key_id}", { params });
    } catch (failure) {
      setError(failure);
      setBusy(false);
      return;
    }
    if (isOwn) storeKey(null, true);
    note({ text: "The key is revoked." });
    onRevoked();
    onClose();
  }

  return (
    <Dialog
      title="Revoke this key?"
      description={
        <>
          <bdi>{key.name}</bdi>, <code>{key.hint}</code>
        </>
      }
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" busy={isBusy} onClick={revoke}>
            Revoke key
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>Requests with this key fail within a minute. A revoked key cannot be used again.</p>
        {isOwn && (
          <div className="notice warn">
            <p>
              <strong>This key is in use here.</strong> The console asks for another one at once.
            </p>
          </div>
        )}
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </Dialog>
  );
}
