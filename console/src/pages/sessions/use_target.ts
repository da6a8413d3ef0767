import { useMemo } from "react";
import { type Target, targetOf } from "./filter";

/** The target that the page's URL names: the same object until another one is named. */
export function useTarget(search: Record<string, string | undefined>): Target | null {
  const { event, sequence, message } = search;
  return useMemo(() => targetOf({ event, sequence, message }), [event, sequence, message]);
}
