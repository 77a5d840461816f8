/**
 * Work that comes round: now, then again and again, never twice at one time.
 */

export type Repeating = {
  /** Ends it; resolves when a round that is under way is over. */
  stop(): Promise<void>;
};

/** Runs `round` at once and then `everyMs` after each end. A round must not throw. */
export function repeat(round: () => Promise<void>, everyMs: number): Repeating {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const go = () => {
    running = round().finally(() => {
      if (!stopped) timer = setTimeout(go, everyMs);
    });
  };
  go();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

export type Wakeable = Repeating & {
  /** Asks for a run soon; many asks are one. */
  wake(): void;
};

/** Runs `work` when woken, with at least `gapMs` between two runs. A run must not throw. */
export function makeWakeable(work: () => Promise<void>, gapMs: number): Wakeable {
  let stopped = false;
  let asked = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const go = () => {
    timer = undefined;
    asked = false;
    running = work().finally(() => {
      running = undefined;
      if (stopped) return;
      timer = setTimeout(() => {
        timer = undefined;
        if (asked) go();
      }, gapMs);
    });
  };
  return {
    wake() {
      asked = true;
      if (!stopped && running === undefined && timer === undefined) go();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
