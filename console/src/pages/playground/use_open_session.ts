import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { useToasts } from "@/ui/toasts";

type Source = Schema["CreatePlaygroundSessionRequest"];

/** Return a function that opens a session and goes to it, and the source that it opens now. */
export function useOpenSession() {
  const [opening, setOpening] = useState<string | null>(null);
  const navigate = useNavigate();
  const { noteError } = useToasts();

  async function open(source: Source) {
    setOpening(source.catalog_slug ?? source.revision_id ?? "");
    try {
      const { data } = await api.POST("/v1/workflow/playground/sessions", {
        params: { header: { "Idempotency-Key": crypto.randomUUID() } },
        body: source,
      });
      if (data)
        await navigate({ to: "/playground/$sessionId", params: { sessionId: data.session_id } });
    } catch (error) {
      noteError(error);
    }
    setOpening(null);
  }

  return { open, opening };
}
