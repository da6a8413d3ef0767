import { type FormEvent, type KeyboardEvent, useEffect, useState } from "react";

/**
 * Text of a message, and its sending by Enter or by the form's button.
 *
 * A message that is sent while another one is on its way follows it. A message that was not
 * stored is in the field again, before what was written meanwhile, and nothing follows it.
 *
 * @param post Send a message; return whether it was stored.
 * @param isOpen Tell whether a message is taken now; else one that follows another one stays. The
 *   page may not be drawn yet for the end of that one.
 */
export function useMessageForm(post: (text: string) => Promise<boolean>, isOpen = () => true) {
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [isNext, setNext] = useState(false);
  const isEmpty = text.trim() === "";

  async function sendNow() {
    setNext(false);
    if (isEmpty || !isOpen()) return;
    setText("");
    setBusy(true);
    if (!(await post(text))) {
      setNext(false);
      setText((begun) => (begun === "" ? text : `${text}\n${begun}`));
    }
    setBusy(false);
  }

  useEffect(() => {
    if (isNext && !isBusy) void sendNow();
  });

  function send(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    if (isBusy) setNext(!isEmpty);
    else void sendNow();
  }

  return {
    text,
    isEmpty,
    isBusy,
    /** Whether the text follows the message that is on its way. */
    isNext,
    write(next: string) {
      setText(next);
      setNext(false);
    },
    send,
    /** Send by Enter; Shift and Enter begin a line. */
    sendByEnter(event: KeyboardEvent) {
      if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
    },
  };
}

export type MessageForm = ReturnType<typeof useMessageForm>;
