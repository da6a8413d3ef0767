/** Listeners to a value outside of React: `subscribe` is that of `useSyncExternalStore`. */
export class Listeners {
  private readonly all = new Set<() => void>();

  /** Call `listener` after each change; returns the end of the subscription. */
  subscribe = (listener: () => void): (() => void) => {
    this.all.add(listener);
    return () => {
      this.all.delete(listener);
    };
  };

  /** Call all listeners: the value has changed. */
  inform(): void {
    for (const listener of [...this.all]) listener();
  }
}
