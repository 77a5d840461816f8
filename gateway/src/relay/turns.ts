/**
 * Turns: so many at one time, the others wait in the order in which they came.
 */

export type Turns = {
  /** Resolves when it is one's turn; whoever took it must leave. */
  enter(): Promise<void>;
  leave(): void;
};

export function makeTurns(mostAtOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async enter() {
      if (taken >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
