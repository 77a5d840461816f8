/**
 * Counting against a limit within a window of time, by key (a client, a network, a sender).
 */

export type Rate = {
  /** Counts, unless that would exceed the limit; whether it was counted. */
  take(key: string): boolean;
  /** Whether the limit is reached. */
  isFull(key: string): boolean;
};

export type RateLimit = {
  readonly most: number;
  readonly windowMs: number;
  readonly now: () => number;
};

/** So many keys are told apart in a window; all others share one count, so that no flood of keys exhausts the memory. */
const mostKeys = 100_000;

/** Windows are fixed and the same for all keys: when one ends, everything is forgotten. */
export function makeRate({ most, windowMs, now }: RateLimit): Rate {
  const counts = new Map<string, number>();
  let window = 0;
  const place = (key: string) => {
    const current = Math.floor(now() / windowMs);
    if (current !== window) counts.clear();
    window = current;
    return counts.has(key) || counts.size < mostKeys ? key : "everybody else";
  };
  const isFull = (key: string) => (counts.get(place(key)) ?? 0) >= most;
  return {
    isFull,
    take(key) {
      if (isFull(key)) return false;
      const at = place(key);
      counts.set(at, (counts.get(at) ?? 0) + 1);
      return true;
    },
  };
}
