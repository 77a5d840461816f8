/**
 * Opens SMTP in as it is configured, with the certificate of its files for as long as it is open.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Entrance } from "../config/entrance.ts";
import { makeSignIn } from "../credentials/sign-in.ts";
import type { Database } from "../database/database.ts";
import { type Certificate, watchCertificate } from "./certificate.ts";
import { makeSmtpServer, type ServerPorts } from "./server.ts";

export type OpenEntrance = {
  readonly smtpPort: number;
  /** Reads the certificate again. */
  reload(): Promise<void>;
  drain(): Promise<void>;
};

export type EntrancePorts = Omit<ServerPorts, "signIn" | "entrance" | "certificate"> & {
  readonly database: Database;
  readonly entrance: Entrance;
};

/** `certificate` is what the files hold now; null where there are none. Throws where a port is in use. */
export async function openEntrance(
  ports: EntrancePorts,
  certificate: Certificate | null,
): Promise<OpenEntrance> {
  const delay = (ms: number) => wait(ms, undefined, { ref: false });
  const server = makeSmtpServer({ ...ports, certificate, signIn: makeSignIn({ ...ports, delay }) });
  const smtpPort = await server.listen(ports.entrance);
  const files = ports.entrance.certificateFiles;
  const watched = files && watchCertificate(files, ports.log, server.useCertificate);
  return {
    smtpPort,
    reload: async () => watched?.reload(),
    async drain() {
      watched?.stop();
      await server.drain();
    },
  };
}
