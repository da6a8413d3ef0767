/**
 * The API key: in the session storage of this tab, and nowhere else.
 *
 * It is in no URL, no log and no other storage: it is gone when the tab is closed.
 */
const NAME = "agent-sessions.key";

let isRefused = false;
let listeners: (() => void)[] = [];

/** The key, or null if none was entered. */
export function storedKey(): string | null {
  return sessionStorage.getItem(NAME);
}

/** True if the last key is gone because the API refuses it, false if the user let it go. */
export const wasRefused = () => isRefused;

/** Store a key, or forget it with null; inform the subscribers. */
export function storeKey(key: string | null, refused = false): void {
  isRefused = refused;
  if (key === null) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, key);
  for (const listener of listeners) listener();
}

/** Call `listener` after each change of the key; returns the end of the subscription. */
export function subscribeToKey(listener: () => void): () => void {
  listeners.push(listener);
  return () => {
    listeners = listeners.filter((one) => one !== listener);
  };
}
