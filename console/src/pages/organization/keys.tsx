import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCaller, useMay } from "@/api/caller";
import { $api, type Schema } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { LoadMore } from "@/ui/load_more";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Time } from "@/ui/time";
import { CreateKey } from "./create_key";
import { RevokeKey } from "./revoke_key";
import { keyState } from "./scopes";

export type Key = Schema["ApiKeyResponse"];

/** The keys of the organization: create and revoke, for a key with the scope admin. */
export function Keys() {
  const caller = useCaller();
  const isAdmin = useMay("admin");
  if (!caller) return <Skeleton height="14rem" />;
  if (!isAdmin)
    return (
      <div className="notice">
        <p>
          This key has the scopes <strong>{caller.scopes.join(", ")}</strong>. Only a key with the
          scope admin lists, creates and revokes keys. <code>make api-key NAME=admin</code> creates
          one for a new organization, with <code>ORG={caller.organization_id}</code> for this one.
        </p>
      </div>
    );
  return <KeyList ownId={caller.key_id} />;
}

function KeyList({ ownId }: { ownId: string }) {
  const queries = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<Key | null>(null);
  const keys = $api.useInfiniteQuery("get", "/v1/identity/api-keys", {}, CURSOR);
  const items = keys.data?.pages.flatMap((page) => page.items) ?? [];
  const refresh = () =>
    void queries.invalidateQueries({ queryKey: ["get", "/v1/identity/api-keys"] });
  return (
    <div className="stack">
      <div className="row">
        <span className="muted small">
          Newest first. The secret of a key is shown once, when it is created.
        </span>
        <Button look="primary" className="push" onClick={() => setCreating(true)}>
          Create key
        </Button>
      </div>
      {keys.isPending && <Skeleton height="14rem" />}
      {keys.error && <ErrorNotice error={keys.error} onRetry={() => keys.refetch()} />}
      {items.length > 0 && <KeyTable keys={items} ownId={ownId} onRevoke={setRevoked} />}
      <LoadMore pages={keys} />
      {isCreating && <CreateKey onClose={() => setCreating(false)} onCreated={refresh} />}
      {revoked && (
        <RevokeKey
          of={revoked}
          isOwn={revoked.id === ownId}
          onClose={() => setRevoked(null)}
          onRevoked={refresh}
        />
      )}
    </div>
  );
}

type TableProps = { keys: readonly Key[]; ownId: string; onRevoke: (key: Key) => void };

function KeyTable({ keys, ownId, onRevoke }: TableProps) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="API keys">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Key</th>
            <th scope="col">Scopes</th>
            <th scope="col">State</th>
            <th scope="col">Created</th>
            <th scope="col">Expires</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} of={key} isOwn={key.id === ownId} onRevoke={onRevoke} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TONES = { active: "ok", expired: "warn", revoked: "bad" } as const;

function KeyRow(props: { of: Key; isOwn: boolean; onRevoke: (key: Key) => void }) {
  const { of: key, isOwn, onRevoke } = props;
  const state = keyState(key);
  return (
    <tr>
      <th scope="row">
        <bdi>{key.name}</bdi> {isOwn && <Badge tone="info">in use here</Badge>}
      </th>
      <td>
        <code>{key.hint}</code>
      </td>
      <td>{key.scopes.join(", ")}</td>
      <td>
        <Badge tone={TONES[state]}>{state}</Badge>
      </td>
      <td>
        <Time value={key.created_at} />
      </td>
      <td>{key.expires_at === null ? "never" : <Time value={key.expires_at} />}</td>
      <td className="number">
        {state === "active" && (
          <Button
            compact
            look="danger"
            aria-label={`Revoke ${key.name}`}
            onClick={() => onRevoke(key)}
          >
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
