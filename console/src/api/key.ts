/**
 * The API key: in the session storage of this tab, and nowhere else.
 *
 * It is in no URL, no log and no other storage: it is gone when the tab is closed.
 */
import { Listeners } from "./listeners";

const NAME = "agent-sessions.key";

let isRefused = false;
const listeners = new Listeners();

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
  listeners.inform();
}

export const subscribeToKey = listeners.subscribe;
