import type { Schema } from "@/api/client";
import { Badge } from "@/ui/badge";
import { duration } from "@/ui/format";
import { JsonText } from "@/ui/texts";

/** A tool call: its name and duration; arguments and answer when it is opened. */
export function ToolCall({ call }: { call: Schema["TracedTool"] }) {
  return (
    <details className="tool-call">
      <summary>
        <span className="muted">Tool</span> <code dir="auto">{call.tool}</code>{" "}
        <span className="muted small">{duration(call.took_ms)}</span>{" "}
        {call.error ? <Badge tone="bad">Error</Badge> : <Badge tone="ok">Answered</Badge>}
        {call.matched && <Badge>{`Recorded: ${call.matched}`}</Badge>}
      </summary>
      <h3 className="small">Arguments</h3>
      <JsonText label={`Arguments of ${call.tool}`} value={call.arguments} />
      <h3 className="small">{call.error ? "Error" : "Answer"}</h3>
      <JsonText label={`Answer of ${call.tool}`} value={call.error ?? call.output} />
    </details>
  );
}
