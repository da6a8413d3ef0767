import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { useIdempotencyKey } from "@/api/idempotency";
import { useToasts } from "@/ui/toasts";
import { useFollow } from "@/ui/use_follow";

type Source = Schema["CreatePlaygroundSessionRequest"];

/** Return a function that opens a session and goes to it, and the source that it opens now. */
export function useOpenSession() {
  const [opening, setOpening] = useState<string | null>(null);
  const follow = useFollow();
  const { noteError } = useToasts();
  const key = useIdempotencyKey();

  async function open(source: Source) {
    setOpening(source.catalog_slug ?? source.revision_id ?? "");
    try {
      const { data } = await api.POST("/v1/workflow/playground/sessions", {
        params: { header: { "Idempotency-Key": key.of(source) } },
        body: source,
      });
      key.renew();
      if (data)
        await follow({ to: "/playground/$sessionId", params: { sessionId: data.session_id } });
    } catch (error) {
      noteError(error);
    }
    setOpening(null);
  }

  return { open, opening };
}
