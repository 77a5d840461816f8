/**
 * Undoing what was started, in the opposite order, whatever goes wrong on the way.
 */

export type Undo = {
  /** Remembers how to end something that has just begun. */
  add(end: () => Promise<void>): void;
  /** Ends everything, last begun first. A second call waits for the first. */
  all(): Promise<void>;
};

export function makeUndo(): Undo {
  const ends: (() => Promise<void>)[] = [];
  const state: { running: Promise<void> | undefined } = { running: undefined };
  const run = async () => {
    const failures: unknown[] = [];
    for (let end = ends.pop(); end !== undefined; end = ends.pop())
      await end().catch((error) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, "some parts did not end cleanly");
  };
  return {
    add: (end) => void ends.push(end),
    all: () => {
      state.running ??= run();
      return state.running;
    },
  };
}
