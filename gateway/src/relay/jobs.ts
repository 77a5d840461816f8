/**
 * Relay jobs: ordinary mail that was stored (sealed to this gateway) in the transaction that secured its other half, handed to
 * the next hop in the background, again and again for two days, then bounced.
 *
 * A claimed job is leased: when this gateway dies, another one takes it up. A recipient counts as failed only once the bounce
 * that tells the sender was taken.
 */
import { domainOf } from "@sealpost/shared/address.ts";
import { isUuid } from "@sealpost/shared/bytes.ts";
import { openParcel } from "@sealpost/shared/crypto/parcel.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { list, record, text, whole } from "@sealpost/shared/wire/shape.ts";
import { makeWakeable } from "../background/repeat.ts";
import type { Database } from "../database/database.ts";
import type { Keyring } from "../keys/deployment.ts";
import { causeOf, type Log } from "../log.ts";
import { type BouncePorts, makeBounce } from "./bounce.ts";
import { answerMs, type Handed, type NextHop } from "./next-hop.ts";
import { judgeHandOver } from "./retry.ts";

export type RelayJobs = {
  /** Something may be due. */
  wake(): void;
  /** Claims no more; resolves when those under way are done. */
  stop(): Promise<void>;
};

export type JobPorts = BouncePorts & {
  readonly database: Database;
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly nextHop: NextHop;
  readonly log: Log;
};

export type Job = {
  readonly id: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly attempts: number;
  readonly created_at_ms: number;
};

const mostAtOnce = 8;
const gapMs = 100;

/** Outlives two answers of the next hop (mail and bounce). */
const leaseSeconds = (2 * answerMs) / 1_000 + 60;

const jobs = list(
  record<Job>({
    id: text(36),
    sender: text(1_000),
    recipients: list(text(1_000), 2_000),
    attempts: whole(0, 1_000_000),
    created_at_ms: whole(0, Number.MAX_SAFE_INTEGER),
  }),
  1_000,
);

export function makeRelayJobs(ports: JobPorts): RelayJobs {
  const worker = makeWakeable(async () => {
    try {
      const claimed = await claim(ports.database);
      await Promise.all(claimed.map((job) => runJob(ports, job)));
      if (claimed.length > 0) worker.wake();
    } catch (error) {
      ports.log("warn", "relay jobs have to wait", { what: causeOf(error) });
    }
  }, gapMs);
  return worker;
}

async function claim(database: Database): Promise<readonly Job[]> {
  const call = {
    name: "claim_relay_jobs",
    text: "select private.claim_relay_jobs($1, $2)",
    values: [mostAtOnce, leaseSeconds],
  };
  const read = jobs(await database.call(call), "jobs");
  return read.kind === "parsed" ? read.value.filter(({ id }) => isUuid(id)) : [];
}

async function runJob(ports: JobPorts, job: Job): Promise<void> {
  try {
    const mail = await openJob(ports, job.id);
    if (mail === undefined) return;
    const handed = await ports.nextHop.send(envelopeOf(job.sender, job.recipients, mail), mail);
    const ageMs = ports.now() - job.created_at_ms;
    const fate = judgeHandOver(job.recipients, handed, { ageMs, attempts: job.attempts });
    const told = fate.failed.length === 0 || (await bounce(ports, job, { failures: fate.failed, mail }));
    const failed = told ? fate.failed.map(({ address }) => address) : [];
    await finish(ports.database, job.id, { ...fate, failed });
    ports.log("info", "a relay job was tried", { name: job.id, count: fate.done.length, what: handed.kind });
  } catch (error) {
    // the lease ends, and the job is tried again
    ports.log("warn", "a relay job has to come again", { name: job.id, what: causeOf(error) });
  }
}

async function openJob(
  { database, primitives, keyring, log }: JobPorts,
  id: string,
): Promise<Buffer | undefined> {
  const call = { name: "relay_content", text: "select private.relay_content($1)", values: [id] };
  const sealed = await database.callBytes(call);
  if (sealed === null) return undefined; // somebody else has it by now
  const place = { role: "relay-job", ids: [id] } as const;
  const opened = await openParcel(primitives, { to: keyring.gateway, place, sealed });
  if (opened.kind === "opened") return Buffer.from(opened.value.buffer);
  log("error", "a relay job was not sealed by this deployment; it is left alone", {
    name: id,
    what: opened.kind,
  });
  return undefined;
}

/** The null sender's bounces are never bounced; what the portal sends shows them in Sent. */
async function bounce(
  ports: JobPorts,
  { sender }: Job,
  {
    failures,
    mail,
  }: { readonly failures: Parameters<typeof makeBounce>[0]["failures"]; readonly mail: Buffer },
): Promise<boolean> {
  if (sender === "" || domainOf(sender) === ports.noticeDomain) return true;
  const report = makeBounce({ ...ports, sender, failures, original: mail });
  const handed: Handed = await ports.nextHop.send(envelopeOf("", [sender], report), report);
  return handed.kind === "taken" || (handed.kind === "refused" && handed.reply.code >= 500);
}

async function finish(
  database: Database,
  id: string,
  fate: { done: readonly string[]; failed: readonly string[]; error: string | null; retrySeconds: number },
): Promise<void> {
  await database.call({
    name: "finish_relay_job",
    text: "select private.finish_relay_job($1, $2, $3, $4, $5)",
    values: [id, fate.done, fate.failed, fate.error, fate.retrySeconds],
  });
}

function envelopeOf(from: string, to: readonly string[], mail: Buffer) {
  const headerEnd = mail.indexOf("\r\n\r\n");
  const header = mail.subarray(0, headerEnd < 0 ? mail.length : headerEnd);
  return { from, to, eightBit: true, utf8: header.some((byte) => byte > 0x7f) };
}
