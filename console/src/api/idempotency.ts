import { useRef } from "react";

/**
 * Idempotency keys of a form: a repeated request has the key of the first one, so that it is not
 * executed twice; a request with another content has another key.
 */
export function useIdempotencyKey() {
  const last = useRef({ content: "", key: "" });
  return {
    /** Return the key of a request with this content. */
    of(content: unknown): string {
      const text = JSON.stringify(content);
      if (last.current.content !== text) last.current = { content: text, key: crypto.randomUUID() };
      return last.current.key;
    },
    /** After a success: the same content is a new request. */
    renew(): void {
      last.current = { content: "", key: "" };
    },
  };
}
