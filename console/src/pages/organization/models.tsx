import { $api, type Schema } from "@/api/client";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { wholeTime } from "@/ui/format";
import { ErrorNotice, Skeleton } from "@/ui/notices";

/** The models of the stack, and whether their servers answer. */
export function Models() {
  const models = $api.useQuery("get", "/v1/models");
  return (
    <div className="stack">
      <div className="row">
        <span className="muted small">
          {models.data
            ? `Checked at ${wholeTime(new Date(models.dataUpdatedAt).toISOString())}; `
            : ""}
          servers are asked at most every 30 seconds.
        </span>
        <Button className="push" busy={models.isFetching} onClick={() => models.refetch()}>
          Check again
        </Button>
      </div>
      {models.isPending && <Skeleton height="12rem" />}
      {models.error && <ErrorNotice error={models.error} onRetry={() => models.refetch()} />}
      {models.data && <ModelTable models={models.data.data} />}
      <p className="muted small">
        Models are set when the stack is deployed or started:{" "}
        <code>make run MODEL=openai/NAME@URL</code>. The scripted model answers without one: it
        repeats messages and calls tools as they ask.
      </p>
    </div>
  );
}

function ModelTable({ models }: { models: readonly Schema["ModelInfo"][] }) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Models">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Provider</th>
            <th scope="col">Health</th>
            <th scope="col">Can</th>
            <th scope="col">Id</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <th scope="row">
                <bdi>{model.display_name}</bdi>{" "}
                {model.is_favorite && <Badge tone="accent">default</Badge>}
              </th>
              <td>{model.provider_name}</td>
              <td>
                <Health model={model} />
              </td>
              <td>{model.capabilities?.join(", ")}</td>
              <td>
                <span className="row">
                  <code>{model.id}</code>
                  <CopyButton text={model.id} label="Copy id" />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Health({ model }: { model: Schema["ModelInfo"] }) {
  if (model.healthy) return <Badge tone="ok">answers</Badge>;
  return (
    <>
      <Badge tone="bad">does not answer</Badge> <span dir="auto">{model.health_reason}</span>
    </>
  );
}
