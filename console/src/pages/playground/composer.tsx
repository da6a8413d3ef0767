import { useEffect, useRef } from "react";
import { Button } from "@/ui/button";
import { TextAreaField } from "@/ui/field";
import type { MessageForm } from "@/ui/message_form";
import { ErrorNotice } from "@/ui/notices";

/** Characters of a message, at most. */
const LIMIT = 50_000;

/** True unless something outside of an element has the focus: a disabled button loses it. */
function isFocusFree(element: HTMLElement | null): boolean {
  const { activeElement } = document;
  return activeElement === document.body || element?.contains(activeElement) === true;
}

/** The next message. */
export function Composer({ form, error }: { form: MessageForm; error: unknown }) {
  const field = useRef<HTMLFormElement>(null);
  const wasBusy = useRef(false);
  useEffect(() => {
    if (wasBusy.current && !form.isBusy && isFocusFree(field.current))
      field.current?.querySelector("textarea")?.focus();
    wasBusy.current = form.isBusy;
  }, [form.isBusy]);
  return (
    <form ref={field} className="composer" onSubmit={form.send}>
      {error !== null && <ErrorNotice error={error} />}
      <TextAreaField
        label="Message"
        rows={2}
        maxLength={LIMIT}
        value={form.text}
        placeholder="Enter sends, Shift and Enter begins a line"
        hint={form.isNext && "Is sent when the turn has ended."}
        onChange={(event) => form.write(event.target.value)}
        onKeyDown={form.sendByEnter}
      />
      <Button type="submit" look="primary" busy={form.isBusy} disabled={form.isEmpty}>
        {error === null ? "Send" : "Send again"}
      </Button>
    </form>
  );
}
