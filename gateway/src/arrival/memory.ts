/**
 * Bytes of raw mail that the gateway holds at one time, against the cap.
 */

export type Memory = {
  /** Whether so many more bytes fit; if so they are counted. */
  take(bytes: number): boolean;
  release(bytes: number): void;
  held(): number;
};

export function makeMemory(cap: number): Memory {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > cap) return false;
      held += bytes;
      return true;
    },
    release(bytes) {
      held -= bytes;
    },
    held: () => held,
  };
}
