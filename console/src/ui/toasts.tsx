import { Toast } from "@base-ui/react/toast";
import type { ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { Button } from "./button";

type Note = {
  text: string;
  tone?: "bad";
  action?: { text: string; onSelect: () => void };
  /** Milliseconds until it goes; 6,000 by default. */
  duration?: number;
  onClose?: () => void;
};

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <Notes />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Notes() {
  const { toasts, close } = Toast.useToastManager<{ action?: Note["action"] }>();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={`toast ${toast.type ?? ""}`}>
      <div>
        <Toast.Description />
      </div>
      {toast.data?.action && (
        <Button
          compact
          onClick={() => {
            toast.data?.action?.onSelect();
            close(toast.id);
          }}
        >
          {toast.data.action.text}
        </Button>
      )}
      <Toast.Close className="button quiet compact" aria-label="Close the message">
        ✕
      </Toast.Close>
    </Toast.Root>
  ));
}

/** Return `note`, which shows a message, `close`, which ends it by its id, and `noteError`, which shows an error of the API. */
export function useToasts() {
  const { add, close } = Toast.useToastManager<{ action?: Note["action"] }>();
  function note({ text, tone, action, duration, onClose }: Note): string {
    return add({
      description: text,
      timeout: duration ?? 6_000,
      priority: tone === "bad" ? "high" : "low",
      ...(tone && { type: tone }),
      ...(action && { data: { action } }),
      ...(onClose && { onClose }),
    });
  }
  function noteError(error: unknown): void {
    note({ text: sentences(error), tone: "bad", duration: 15_000 });
  }
  return { note, noteError, close };
}

function sentences(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const id = error.requestId ? ` Request id: ${error.requestId}` : "";
  return `${error.message} ${error.advice}${id}`;
}
