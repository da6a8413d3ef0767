import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { Button } from "@/ui/button";
import { TextAreaField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import type { useStartTurn } from "./use_start_turn";

/** Characters of a message, at most. */
const LIMIT = 50_000;

/** The next message. A message that was not stored stays in the field. */
export function Composer({ starting }: { starting: ReturnType<typeof useStartTurn> }) {
  const [text, setText] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const isBusy = starting.pending !== null;

  async function send(event: FormEvent) {
    event.preventDefault();
    if (isBusy || text.trim() === "") return;
    setText("");
    // The next message may have been begun meanwhile.
    if (!(await starting.start({ message: text })))
      setText((begun) => (begun === "" ? text : `${text}\n${begun}`));
    form.current?.querySelector("textarea")?.focus();
  }

  function sendByEnter(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing)
      void send(event);
  }

  return (
    <form ref={form} className="composer" onSubmit={send}>
      {starting.error !== null && <ErrorNotice error={starting.error} />}
      <TextAreaField
        label="Message"
        rows={2}
        maxLength={LIMIT}
        value={text}
        placeholder="Enter sends, Shift and Enter begins a line"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={sendByEnter}
      />
      <Button type="submit" look="primary" busy={isBusy} disabled={text.trim() === ""}>
        {starting.error === null ? "Send" : "Send again"}
      </Button>
    </form>
  );
}
