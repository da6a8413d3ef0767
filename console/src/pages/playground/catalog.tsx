import { useMay } from "@/api/caller";
import { $api } from "@/api/client";
import { Button } from "@/ui/button";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { useOpenSession } from "./use_open_session";

/** The workflows that ship with the service; a session is opened on one of them. */
export function Catalog() {
  const catalog = $api.useQuery("get", "/v1/workflow/playground/catalog");
  const mayWrite = useMay("write");
  const { open, opening } = useOpenSession();
  if (catalog.error)
    return <ErrorNotice error={catalog.error} onRetry={() => void catalog.refetch()} />;
  if (!catalog.data) return <Skeleton height="11rem" />;
  return (
    <ul className="cards">
      {catalog.data.items.map((workflow) => (
        <li key={workflow.slug} className="panel card">
          <h3>{workflow.name}</h3>
          <p className="muted small">{workflow.description}</p>
          {mayWrite && (
            <Button
              compact
              busy={opening === workflow.slug}
              aria-label={`Open a session: ${workflow.name}`}
              onClick={() => void open({ catalog_slug: workflow.slug })}
            >
              Open a session
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
