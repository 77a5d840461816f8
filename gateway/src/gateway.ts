/**
 * The gateway as a whole: its parts put together over one configuration, started in order and stopped in order.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "./arrival/answer.ts";
import { drainMs, mostBytesInFlight } from "./arrival/limits.ts";
import { makeMemory } from "./arrival/memory.ts";
import { makeSmtpServer } from "./arrival/server.ts";
import { makeKicks } from "./background/kicks.ts";
import { startWork } from "./background/work.ts";
import type { Config } from "./config/config.ts";
import { makeDatabase } from "./database/database.ts";
import { serveHealth } from "./health.ts";
import { importKeyring } from "./keys/deployment.ts";
import { makeDirectory } from "./keys/directory.ts";
import type { Log } from "./log.ts";
import { makeCurrentOrganisation } from "./organisation/current.ts";
import { type PassagePorts, passMail } from "./passage.ts";
import { makeRelayJobs } from "./relay/jobs.ts";
import { makeNextHop } from "./relay/next-hop.ts";
import { nativePrimitives } from "./seal/native.ts";
import { makeStorage } from "./secure/storage.ts";

export type Gateway = {
  readonly smtpPort: number;
  /** Takes no new mail, finishes what is in flight, and ends everything that was started. */
  stop(): Promise<void>;
};

export type Ports = { readonly log: Log; readonly now: () => number; readonly fetch: typeof fetch };

/** What an operator can mend, as a sentence. */
export class StartProblem extends Error {}

export async function startGateway(config: Config, ports: Ports): Promise<Gateway> {
  const { log } = ports;
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
    onLost: () => log("warn", "a database connection was lost"),
  });
  const organisation = makeCurrentOrganisation(database, log);
  const nextHop = makeNextHop(config.nextHop, config.hostname);
  const newId = () => crypto.randomUUID();
  const common = { ...ports, ...config, primitives, keyring, database, nextHop, newId };
  const relayJobs = makeRelayJobs(common);
  const kicks = makeKicks({ ...common, ...config.supabase });
  await organisation.refresh();
  const work = startWork({ ...common, organisation, kicks, relayJobs });

  const passage: PassagePorts = {
    ...common,
    directory: makeDirectory(common),
    storage: makeStorage({ ...common, newObjectName: () => randomBytes(24).toString("base64url") }),
    onStored: work.stored,
  };
  const server = makeSmtpServer({
    ...common,
    organisation: organisation.get,
    passMail: (arrived, current): Promise<Answer> => passMail(passage, arrived, current),
    memory: makeMemory(mostBytesInFlight),
    newMailId: () => randomBytes(8).toString("hex"),
  });
  const smtpPort = await server.listen(config.smtpHost, config.smtpPort);
  const isUp = async () => organisation.get() !== undefined && (await database.isUp());
  const health = config.healthPort === null ? null : await serveHealth(config.healthPort, isUp);
  return {
    smtpPort,
    async stop() {
      const finished = Promise.all([server.drain(), work.stop()]);
      await Promise.race([finished, delay(drainMs, undefined, { ref: false })]); // what is cut off is leased, or was not answered
      nextHop.close();
      await health?.close();
      await database.close();
    },
  };
}
