/**
 * Sweeping: the objects of messages that have ended, and uploads that nobody attached, are deleted through the Storage API. They
 * are forgotten only afterwards, so that a sweep cut short is done again.
 */
import { type KickRim, kickedFunction, type Progress } from "../_shared/kick.ts";

export interface SweepPorts {
  readonly rim: KickRim;
  /** Names of objects to delete, which nobody can attach any more. */
  readonly claim: (most: number) => Promise<readonly string[]>;
  /** Deletes objects; those that do not exist are no error. */
  readonly remove: (names: readonly string[]) => Promise<void>;
  /** Forgets deleted objects; how many. */
  readonly forget: (names: readonly string[]) => Promise<number>;
}

/** Objects of one kick; the Storage API takes 1,000 at most. */
const OBJECTS_A_KICK = 100;

export function makeSweep(ports: SweepPorts): (request: Request) => Promise<Response> {
  return kickedFunction(ports.rim, async (): Promise<Progress> => {
    const names = await ports.claim(OBJECTS_A_KICK);
    if (names.length === 0) return { done: 0, left: 0 };
    await ports.remove(names);
    const done = await ports.forget(names);
    return { done, left: names.length < OBJECTS_A_KICK ? 0 : 1 };
  });
}
