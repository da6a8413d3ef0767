import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";
import { CALLER } from "@/api/caller";
import { subscribeToWrites } from "@/api/client";
import { ApiError } from "@/api/errors";
import { storedKey, subscribeToKey, wasRefused } from "@/api/key";
import { router } from "@/router";
import { ToastProvider } from "@/ui/toasts";
import { KeyForm } from "./key_form";
import { Offline } from "./offline";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A local stack answers without a network.
      networkMode: "always",
      staleTime: 5_000,
      // A refusal stays one; the gateway's throttle and a failure may pass.
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
    mutations: { networkMode: "always" },
  },
});

// What was read before a change is read again when it is shown next.
subscribeToWrites(() => {
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[1] !== CALLER,
    refetchType: "none",
  });
});

function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

/** The console: the pages if there is a key, else the form for it. */
export function Console() {
  const key = useSyncExternalStore(subscribeToKey, storedKey);
  // Nothing of one key's organization is shown to the next key.
  useEffect(() => {
    if (key === null) queries.clear();
  }, [key]);
  if (key === null) return <KeyForm wasRefused={wasRefused()} />;
  return (
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <Offline />
        <RouterProvider router={router} />
      </ToastProvider>
    </QueryClientProvider>
  );
}
