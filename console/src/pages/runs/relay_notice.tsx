import { API_URL } from "@/api/client";
import { CopyButton } from "@/ui/copy";
import { isLive, type Run } from "./runs";

/** Command that relays the words of an agent to a run that waits for them. */
export function RelayNotice({ run }: { run: Run }) {
  if (run.target.relay !== true || !isLive(run) || run.finished_at !== null) return null;
  const command = `agent-sessions run --resume ${run.id} --target http://127.0.0.1:8000/v1`;
  return (
    <div className="notice">
      <p>
        This run waits for your agent's words. The command line calls an agent on your machine and
        relays them, once it is logged in to <code>{API_URL}</code>: <code>{command}</code>
      </p>
      <CopyButton text={command} label="Copy the command" />
    </div>
  );
}
