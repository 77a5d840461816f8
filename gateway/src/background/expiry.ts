/**
 * Expiry: nobody can read an expired message from its second on (row-level security); here its keys, body and objects are
 * deleted soon after.
 */
import type { Database } from "../database/database.ts";
import { causeOf, type Log } from "../log.ts";
import { repeat } from "./repeat.ts";

export type ExpiryWatch = {
  /** A message that this gateway stored ends then (ms since 1970). */
  expect(expiresAtMs: number): void;
  stop(): Promise<void>;
};

const roundMs = 15_000;
const mostAtOnce = 200;

/** Seconds remembered; those beyond are found by the rounds. */
const mostExpected = 100_000;

export function watchExpiry(ports: {
  readonly database: Database;
  readonly now: () => number;
  readonly log: Log;
  /** Told when objects may be left to delete. */
  readonly onExpired: () => void;
}): ExpiryWatch {
  const expectedSeconds = new Set<number>();
  const timers = new Set<NodeJS.Timeout>();

  const expire = async () => {
    try {
      for (let count = mostAtOnce; count === mostAtOnce; ) {
        count = Number(await ports.database.call(expireDue));
        if (count > 0) {
          ports.log("info", "expired messages were removed", { count });
          ports.onExpired();
        }
      }
    } catch (error) {
      ports.log("warn", "expired messages could not be removed now", { what: causeOf(error) });
    }
  };

  const plan = (second: number) => {
    expectedSeconds.delete(second);
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void expire();
      },
      Math.max(0, second * 1_000 - ports.now()),
    );
    timers.add(timer);
  };

  const rounds = repeat(async () => {
    const horizon = (ports.now() + roundMs) / 1_000;
    for (const second of expectedSeconds) if (second <= horizon) plan(second);
    await expire();
  }, roundMs);

  return {
    expect(expiresAtMs) {
      const second = Math.ceil(expiresAtMs / 1_000);
      if (expiresAtMs - ports.now() < roundMs) plan(second);
      else if (expectedSeconds.size < mostExpected) expectedSeconds.add(second);
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await rounds.stop();
    },
  };
}

const expireDue = { name: "expire_due", text: "select private.expire_due($1)", values: [mostAtOnce] };
