import { useCaller } from "@/api/caller";
import { API_URL } from "@/api/client";
import { CopyButton } from "@/ui/copy";
import { Skeleton } from "@/ui/notices";

/** No key is in it: the shell has it in a variable. */
const EXAMPLE = `read -rs KEY    # paste the key, then press Enter
curl "${API_URL}/v1/captured-sessions?limit=10" -H "x-api-key: $KEY"`;

/** The key in use, the address of the API, and how to call it. */
export function Access() {
  const caller = useCaller();
  if (!caller) return <Skeleton height="24rem" />;
  return (
    <div className="stack">
      <dl className="facts">
        <dt>Key</dt>
        <dd dir="auto">{caller.key_name}</dd>
        <dt>Key id</dt>
        <dd>
          <code>{caller.key_id}</code>
        </dd>
        <dt>Scopes</dt>
        <dd>{caller.scopes.join(", ")}</dd>
        <dt>Organization</dt>
        <dd>
          <code>{caller.organization_id}</code>
        </dd>
      </dl>
      <section className="stack">
        <h2>Call the API</h2>
        <p className="row">
          <code>{API_URL}</code> <CopyButton text={API_URL} label="Copy address" />
        </p>
        <pre className="code" tabIndex={0} role="region" aria-label="Example with curl">
          {EXAMPLE}
        </pre>
        <div className="row">
          <CopyButton text={EXAMPLE} label="Copy example" />
          <a href={`${API_URL}/docs`} target="_blank" rel="noreferrer">
            API reference
          </a>
        </div>
        <p className="muted small">
          The key is sent as <code>x-api-key</code> or as a bearer token. Clients of Everruns,
          Feather and Galtea work with this address and a key.
        </p>
      </section>
    </div>
  );
}
