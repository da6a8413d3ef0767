import { type UseNavigateResult, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";

/**
 * Return `navigate` for the end of a request: it does nothing if the caller is not shown any more.
 *
 * Who has gone elsewhere, or has closed the dialog meanwhile, stays there.
 */
export function useFollow(): UseNavigateResult<string> {
  const navigate = useNavigate();
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return useCallback(
    (...target: Parameters<typeof navigate>) =>
      isShown.current ? navigate(...target) : Promise.resolve(),
    [navigate],
  ) as UseNavigateResult<string>;
}
