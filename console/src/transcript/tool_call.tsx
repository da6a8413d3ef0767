import { type ReactNode, useId, useState } from "react";
import { Badge, type Tone } from "@/ui/badge";
import { duration } from "@/ui/format";
import { JsonText } from "@/ui/texts";
import { Clock } from "./clock";
import "./transcript.css";

export type CallStatus = "open" | "success" | "error" | "timeout" | "cancelled";

const STATUSES: Record<CallStatus, [Tone, string]> = {
  open: ["info", "No answer yet"],
  success: ["ok", "Answered"],
  error: ["bad", "Failed"],
  timeout: ["bad", "Timed out"],
  cancelled: ["warn", "Cancelled"],
};

/** Characters of the arguments that a closed card shows. */
const PREVIEW = 120;

type Props = {
  name: string;
  args: unknown;
  /** Undefined while there is none. */
  answer?: unknown;
  error?: string | null;
  durationMs?: number | null;
  /** By default from `answer` and `error`. */
  status?: CallStatus;
  time?: string | null;
  /** Further facts: the rule that chose a recorded answer. */
  facts?: ReactNode;
  /** True if arguments and answer are shown; the card decides by itself if undefined. */
  isOpen?: boolean;
  onToggle?: (isOpen: boolean) => void;
  children?: ReactNode;
};

/** A tool call: its name, state and duration; arguments and answer on demand. */
export function ToolCallCard(props: Props) {
  const { name, args, durationMs, time, facts, onToggle, children } = props;
  const [isOwnOpen, setOwnOpen] = useState(false);
  const isOpen = props.isOpen ?? isOwnOpen;
  const id = useId();
  const [tone, words] = STATUSES[statusOf(props)];
  return (
    <article className="tool-call" aria-label="Tool call">
      <button
        type="button"
        className="tool-call-head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => {
          setOwnOpen(!isOpen);
          onToggle?.(!isOpen);
        }}
      >
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        <code className="tool-name" dir="auto">
          {name}
        </code>
        <Badge tone={tone}>{words}</Badge>
        {durationMs != null && <span className="muted small numbers">{duration(durationMs)}</span>}
        {!isOpen && (
          <span className="tool-preview muted small" dir="ltr">
            {preview(args)}
          </span>
        )}
      </button>
      <div id={id} hidden={!isOpen} className="tool-call-body stack">
        {isOpen && <Details {...props} facts={facts} time={time ?? null} />}
      </div>
      {children}
    </article>
  );
}

function Details({ args, answer, error, time, facts }: Props) {
  return (
    <>
      {(time || facts) && (
        <p className="row small muted">
          {time && <Clock value={time} />}
          {facts}
        </p>
      )}
      <div>
        <p className="small label">Arguments</p>
        <JsonText value={args ?? {}} label="Arguments of the call" />
      </div>
      {error != null && (
        <div className="tool-error">
          <p className="small label">Error</p>
          <JsonText value={error} label="Error of the call" />
        </div>
      )}
      {answer !== undefined && (
        <div>
          <p className="small label">Answer</p>
          <JsonText value={answer} label="Answer of the tool" />
        </div>
      )}
    </>
  );
}

function statusOf({ status, answer, error }: Props): CallStatus {
  if (status) return status;
  if (error != null) return "error";
  return answer === undefined ? "open" : "success";
}

function preview(args: unknown): string {
  const text = typeof args === "string" ? args : (JSON.stringify(args) ?? "");
  return text === "{}" ? "" : text.slice(0, PREVIEW);
}
