import { useEffect, useMemo, useState } from "react";
import type { Turn } from "@/transcript/turns";
import type { Place } from "./timeline";
import { indexOf, rowsOf } from "./timeline_rows";
import { useTarget } from "./use_target";

/**
 * The place in a timeline whose pages can only be read forward.
 *
 * Pages are read until they have what the URL selects, or the end if that was asked for.
 */
export function useForwardPlace(
  search: Record<string, string | undefined>,
  turns: readonly Turn[],
  hasNext: boolean,
  readNext: () => void,
) {
  const target = useTarget(search);
  const selected = useMemo<Place>(() => ({ at: target ?? "start" }), [target]);
  const [wanted, setWanted] = useState(selected);
  useEffect(() => setWanted(selected), [selected]);
  const isMissing =
    wanted.at === "end" ||
    (typeof wanted.at === "object" && indexOf(rowsOf(turns, null), wanted.at) < 0);
  useEffect(() => {
    if (isMissing && hasNext) readNext();
  });
  const jump = (at: "start" | "end") => setWanted({ at });
  return { place: wanted, jump, isSearching: isMissing && hasNext };
}
