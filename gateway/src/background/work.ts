/**
 * Everything the gateway does without being asked by a mail: it looks what is due after each commit and once a minute, wakes
 * the functions, hands on relay jobs, watches expiry, and reads the organisation's settings and policies again.
 */
import type { Database } from "../database/database.ts";
import { causeOf, type Log } from "../log.ts";
import type { CurrentOrganisation } from "../organisation/current.ts";
import type { CurrentRules } from "../policies/current.ts";
import type { RelayJobs } from "../relay/jobs.ts";
import { watchExpiry } from "./expiry.ts";
import { type Kicks, kickable } from "./kicks.ts";
import { makeWakeable, repeat } from "./repeat.ts";

export type BackgroundWork = {
  /** After a commit: something may be due now. */
  stored(message: { readonly expiresAtMs: number | null }): void;
  stop(): Promise<void>;
};

export type WorkPorts = {
  readonly database: Database;
  readonly organisation: CurrentOrganisation;
  readonly rules: CurrentRules;
  readonly kicks: Kicks;
  readonly relayJobs: RelayJobs;
  readonly now: () => number;
  readonly log: Log;
};

/** DESIGN.md asks for 5 s at most. */
const settingsMs = 3_000;
const minuteMs = 60_000;

/** Between two looks at what is due, however many mails come. */
const lookGapMs = 250;

const workDue = { name: "work_due", text: "select private.work_due()", values: [] };

export function startWork(ports: WorkPorts): BackgroundWork {
  const look = makeWakeable(async () => {
    try {
      const due = (await ports.database.call(workDue)) as Record<string, unknown> | null;
      for (const name of kickable) if (due?.[name] === true) ports.kicks.kick(name);
      if (due?.relay === true) ports.relayJobs.wake();
    } catch (error) {
      ports.log("warn", "could not look what is due", { what: causeOf(error) });
    }
  }, lookGapMs);
  const wake = () => look.wake();
  const expiry = watchExpiry({ ...ports, onExpired: wake });
  const rounds = [
    repeat(async () => {
      await ports.organisation.refresh(); // first, so that no policy names a definition that is not known yet
      await ports.rules.refresh();
    }, settingsMs),
    repeat(async () => wake(), minuteMs),
  ];
  return {
    stored({ expiresAtMs }) {
      if (expiresAtMs !== null) expiry.expect(expiresAtMs);
      wake();
    },
    async stop() {
      await Promise.all([...rounds, expiry, look, ports.kicks, ports.relayJobs].map((part) => part.stop()));
    },
  };
}
