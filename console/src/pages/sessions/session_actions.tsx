import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { api } from "@/api/client";
import { useDelete } from "@/api/deletions";
import { useCopy } from "@/ui/copy";
import { Menu, type MenuEntry } from "@/ui/menu";
import { useToasts } from "@/ui/toasts";
import { ExportDialog } from "./export_dialog";
import { RawDialog } from "./raw_dialog";
import { RenameDialog } from "./rename_dialog";
import { contentCurl, deleteSession, type Session, sessionCurl } from "./requests";

type Open = "raw" | "export" | "rename" | null;

/** Actions on a session that the key allows. */
export function SessionActions({ session }: { session: Session }) {
  const [open, setOpen] = useState<Open>(null);
  const entries = [
    ...useReadEntries(session, setOpen),
    ...useWriteEntries(session, setOpen, useMay("write")),
  ];
  const close = () => setOpen(null);
  return (
    <>
      <Menu label="Actions" entries={entries} />
      {open === "raw" && <RawDialog session={session} onClose={close} />}
      {open === "export" && <ExportDialog session={session} onClose={close} />}
      {open === "rename" && <RenameDialog session={session} onClose={close} />}
    </>
  );
}

function useReadEntries(session: Session, setOpen: (open: Open) => void): MenuEntry[] {
  const copy = useCopy();
  return [
    { text: "Raw JSON", onSelect: () => setOpen("raw") },
    { text: "Copy as curl: session", onSelect: () => void copy(sessionCurl(session)) },
    { text: "Copy as curl: content", onSelect: () => void copy(contentCurl(session)) },
    { text: "Export…", onSelect: () => setOpen("export") },
  ];
}

function useWriteEntries(
  session: Session,
  setOpen: (open: Open) => void,
  mayWrite: boolean,
): MenuEntry[] {
  const navigate = useNavigate();
  const { note, noteError } = useToasts();
  const remove = useDelete();
  const { id, kind } = session;
  async function cancel() {
    try {
      const params = { path: { session_id: id } };
      const { data } = await api.POST("/v1/sessions/{session_id}/cancel", { params });
      note({ text: data?.message ?? "" });
    } catch (error) {
      noteError(error);
    }
  }
  function onDelete() {
    remove(id, "The session", (isLeaving) => deleteSession(session, isLeaving));
    void navigate({ to: "/sessions" });
  }
  const isWorking = kind === "agent" && ["running", "waiting"].includes(session.status);
  const playground: MenuEntry = {
    text: "Open in the playground",
    onSelect: () => void navigate({ to: "/playground/$sessionId", params: { sessionId: id } }),
  };
  if (!mayWrite) return kind === "playground" ? [playground] : [];
  return [
    {
      text: "Create a scenario",
      onSelect: () => void navigate({ to: "/scenarios/new", search: { session: id } }),
    },
    ...(kind === "playground" ? [playground] : []),
    ...(kind === "agent" ? [{ text: "Rename…", onSelect: () => setOpen("rename") }] : []),
    ...(isWorking ? [{ text: "Cancel the turn", onSelect: () => void cancel() }] : []),
    { text: "Delete", onSelect: onDelete, isDanger: true },
  ];
}
