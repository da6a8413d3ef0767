import { useState } from "react";
import { Button } from "./button";
import { count } from "./format";

/** Characters of one text or value that are shown at once. */
const SHOWN = 4_000;

/** Text of a user, a model or a tool, in its own direction; a long one is cut until it is asked for. */
export function UserText({ text }: { text: string }) {
  return (
    <Cut text={text}>
      {(shown) => (
        <div className="user-text" dir="auto">
          {shown}
        </div>
      )}
    </Cut>
  );
}

/** A JSON value, indented; text that is JSON is shown as JSON. */
export function JsonText({ value, label }: { value: unknown; label: string }) {
  const text = typeof value === "string" ? indented(value) : JSON.stringify(value, null, 2);
  return (
    <Cut text={text ?? "null"}>
      {(shown) => (
        <pre className="code" tabIndex={0} role="region" aria-label={label} dir="ltr">
          {shown}
        </pre>
      )}
    </Cut>
  );
}

/** A text, cut until all of it is asked for; `children` draws what is shown. */
export function Cut({
  text,
  children,
}: {
  text: string;
  children: (shown: string) => React.ReactNode;
}) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= SHOWN) return children(text);
  return (
    <div className="stack" style={{ gap: "0.25rem" }}>
      {children(isWhole ? text : `${text.slice(0, SHOWN)}…`)}
      <div>
        <Button compact onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
          {isWhole ? "Show the beginning" : `Show all ${count(text.length)} characters`}
        </Button>
      </div>
    </div>
  );
}

function indented(text: string): string {
  // A number or a word stays as it is.
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
