/**
 * The gateway as a whole: its parts put together over one configuration, started in order and stopped in order.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Arrived } from "./arrival/arrived.ts";
import { type Certificate, readCertificate } from "./arrival/certificate.ts";
import { drainMs, mostBytesInFlight } from "./arrival/limits.ts";
import { makeMemory } from "./arrival/memory.ts";
import { type OpenEntrance, openEntrance } from "./arrival/open-entrance.ts";
import { makeKicks } from "./background/kicks.ts";
import { type BackgroundWork, startWork } from "./background/work.ts";
import type { Config } from "./config/config.ts";
import { makeDatabase } from "./database/database.ts";
import { createExaminer } from "./examine/examiner.ts";
import { serveHealth } from "./health.ts";
import { watchHeldMails } from "./hold/held-mails.ts";
import { importKeyring } from "./keys/deployment.ts";
import { makeDirectory } from "./keys/directory.ts";
import { causeOf, type Log } from "./log.ts";
import { type CurrentOrganisation, makeCurrentOrganisation } from "./organisation/current.ts";
import type { Organisation } from "./organisation/organisation.ts";
import { type PassagePorts, passMail } from "./passage.ts";
import { type CurrentRules, makeCurrentRules } from "./policies/current.ts";
import { startPortalMail } from "./portal-mail/worker.ts";
import { makeRelayJobs } from "./relay/jobs.ts";
import { makeNextHop } from "./relay/next-hop.ts";
import { returnTokens, takeReturned } from "./returned/take-returned.ts";
import { nativePrimitives } from "./seal/native.ts";
import { makeStorage } from "./secure/storage.ts";
import type { SecurePorts } from "./secure/to-secure.ts";

export type Gateway = {
  readonly smtpPort: number;
  /** Reads the certificate again. */
  reload(): Promise<void>;
  /** Takes no new mail, finishes what is in flight, and ends everything that was started. */
  stop(): Promise<void>;
};

export type Ports = { readonly log: Log; readonly now: () => number; readonly fetch: typeof fetch };

/** What an operator can mend, as a sentence. */
export class StartProblem extends Error {}

export async function startGateway(config: Config, ports: Ports): Promise<Gateway> {
  const common = await prepare(config, ports);
  const { database, nextHop, log, examiner } = common;
  const organisation = makeCurrentOrganisation(database, log);
  const rules = makeCurrentRules(common);
  await organisation.refresh();
  await rules.refresh();
  const relayJobs = makeRelayJobs(common);
  const kicks = makeKicks({ ...common, ...config.supabase });
  const work = startWork({ ...common, organisation, rules, kicks, relayJobs });
  const securing = portsOfSecuring(common, work);
  const held = watchHeldMails({ ...securing, organisation });
  const passage: PassagePorts = { ...common, ...securing, rules };
  const portalMail = startPortalMail({
    ...passage,
    organisation: organisation.get,
    passMail: (arrived, current, written) => passMail(passage, arrived, current, written),
  });
  const server = await openSmtp({ ...common, ...securing, rules }, organisation);
  const isUp = async () =>
    organisation.get() !== undefined && rules.get() !== undefined && (await database.isUp());
  const health = config.healthPort === null ? null : await serveHealth(config.healthPort, isUp);
  return {
    smtpPort: server.smtpPort,
    reload: server.reload,
    async stop() {
      await within(drainMs, Promise.all([server.drain(), work.stop(), held.stop(), portalMail.stop()]));
      nextHop.close();
      await examiner.close();
      await health?.close();
      await within(closeMs, database.close());
    },
  };
}

/** Statements that are still under way when everything else has ended are broken off after this. */
const closeMs = 1_000;

/** What is cut off by this was leased, or not answered: somebody does it again. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, delay(ms, undefined, { ref: false })]);
}

async function prepare(config: Config, ports: Ports) {
  const primitives = nativePrimitives();
  const keyring = await importKeyring(primitives, config.keys);
  if (keyring === undefined) {
    throw new StartProblem(
      "A private key of the deployment does not belong to its public half: copy the keys again.",
    );
  }
  const database = makeDatabase({
    url: config.databaseUrl,
    preparesStatements: config.preparesStatements,
    onLost: () => ports.log("warn", "a database connection was lost"),
  });
  const nextHop = makeNextHop(config.nextHop, config.hostname);
  const newId = () => crypto.randomUUID();
  const examiner = createExaminer({
    now: () => performance.now(),
    readers,
    onReaderEnded: () =>
      ports.log("warn", "a mail could not be examined within its limits of time and memory"),
  });
  return { ...ports, ...config, primitives, keyring, database, nextHop, newId, examiner };
}

/** Processes that read attachments, each started when it is first needed: one mail that takes long holds up nobody else. */
const readers = 2;

type Common = Awaited<ReturnType<typeof prepare>>;

function portsOfSecuring(common: Common, work: BackgroundWork): Common & SecurePorts {
  return {
    ...common,
    directory: makeDirectory(common),
    storage: makeStorage({ ...common, newObjectName: () => randomBytes(24).toString("base64url") }),
    onStored: work.stored,
  };
}

async function openSmtp(
  ports: Common & SecurePorts & { readonly rules: CurrentRules },
  organisation: CurrentOrganisation,
): Promise<OpenEntrance> {
  const passage: PassagePorts = ports;
  const server = {
    ...ports,
    organisation: organisation.get,
    passMail: async (arrived: Arrived, current: Organisation) => {
      const tokens = returnTokens(arrived, ports.noticeDomain);
      return tokens.length > 0
        ? await takeReturned(ports, arrived, { tokens, organisation: current })
        : await passMail(passage, arrived, current);
    },
    memory: makeMemory(mostBytesInFlight),
    newMailId: () => randomBytes(8).toString("hex"),
  };
  return await openEntrance(server, await certificateOf(ports.entrance));
}

async function certificateOf({ certificateFiles }: Config["entrance"]): Promise<Certificate | null> {
  if (certificateFiles === null) return null;
  try {
    return await readCertificate(certificateFiles);
  } catch (error) {
    throw new StartProblem(
      `SEALPOST_TLS_CERT and SEALPOST_TLS_KEY cannot be used (${causeOf(error)}): name two readable files in PEM that belong together.`,
    );
  }
}
