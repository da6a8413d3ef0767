import type { ReactNode } from "react";
import { UserText } from "@/ui/texts";
import { Clock } from "./clock";
import { Picture } from "./image";
import { type Part, partsOf } from "./parts";
import "./transcript.css";

export type Role = "user" | "assistant" | "system";

const NAMES: Record<Role, string> = {
  user: "User",
  assistant: "Assistant",
  system: "Instructions",
};

type Props = {
  role: Role;
  /** The message as text; `parts` if it has images. */
  text?: string;
  parts?: readonly Part[];
  time?: string | null;
  /** Further facts beside the role: the model, tokens. */
  facts?: ReactNode;
  /** Buttons at the end of the first line. */
  actions?: ReactNode;
  /** True while the text is being written. */
  isLive?: boolean;
  children?: ReactNode;
};

/** One message of a conversation. */
export function Message(props: Props) {
  const { role, text, parts, time, facts, actions, isLive, children } = props;
  const shown = [...(text === undefined ? [] : partsOf(text)), ...(parts ?? [])];
  return (
    <article className={`message ${role}`} aria-label={NAMES[role]} aria-busy={isLive || undefined}>
      <header className="row small">
        <strong>{NAMES[role]}</strong>
        {isLive && <span className="muted">is writing…</span>}
        {time && (
          <span className="muted">
            <Clock value={time} />
          </span>
        )}
        {facts && <span className="muted">{facts}</span>}
        {actions && <span className="push">{actions}</span>}
      </header>
      {shown.map((part, index) =>
        part.type === "text" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts never change their order
          <UserText key={index} text={part.text} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts never change their order
          <Picture key={index} part={part} alt={`Image ${index + 1} of the ${role}'s message`} />
        ),
      )}
      {children}
    </article>
  );
}
