import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useIsAnswering } from "@/api/answers";
import { api } from "@/api/client";

/** Milliseconds between two requests while there is no answer. */
const PAUSE = 3_000;

/** A notice while the API does not answer; when it does again, all queries are repeated. */
export function Offline() {
  const queries = useQueryClient();
  const isOnline = useIsAnswering();
  useEffect(() => {
    if (isOnline) return;
    // Its answer ends the notice, whatever it is.
    const timer = setInterval(() => api.GET("/health").catch(() => undefined), PAUSE);
    return () => {
      clearInterval(timer);
      void queries.invalidateQueries();
    };
  }, [isOnline, queries]);
  // The role is there before the text, so that the text is announced.
  return (
    <div role="status">
      {!isOnline && <p className="offline">The API does not answer. Retrying every 3 seconds.</p>}
    </div>
  );
}
