import { useState } from "react";
import { Menu } from "@/ui/menu";
import { saveFile } from "@/ui/save_file";
import { useToasts } from "@/ui/toasts";
import { exportLines, FORMATS, type Format } from "./exporting";
import type { Filters } from "./filters";

type Props = {
  filters: Filters;
  /** Scenarios to export; null for all that the filters let through. */
  ids: readonly string[] | null;
  label: string;
};

/** A menu of the formats, each of which saves a file. */
export function ExportMenu({ filters, ids, label }: Props) {
  const { note, noteError } = useToasts();
  const [isBusy, setBusy] = useState(false);
  async function save(format: Format) {
    setBusy(true);
    try {
      const lines = await exportLines(filters, format, ids && new Set(ids));
      saveFile(new Blob([lines], { type: "application/x-ndjson" }), `scenarios-${format}.jsonl`);
      note({ text: "The export is saved." });
    } catch (error) {
      noteError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Menu
      label={isBusy ? "Exporting…" : label}
      entries={FORMATS.map(([format, text]) => ({
        text,
        isDisabled: isBusy,
        onSelect: () => void save(format),
      }))}
    />
  );
}
