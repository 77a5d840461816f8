/**
 * SMTP in: the ports at which mail is taken, one with STARTTLS and one with TLS from the first byte, under one admission.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { SMTPServer, SMTPServerOptions } from "smtp-server";
import type { SignIn } from "../credentials/sign-in.ts";
import { causeOf } from "../log.ts";
import { type AdmissionPorts, makeAdmission } from "./admission.ts";
import { type Answer, Refusal } from "./answer.ts";
import type { Certificate } from "./certificate.ts";
import { MailConnection, type MailStream } from "./connection.ts";
import { drainMs, idleMs, largestMail, mostConnections, mostRecipients } from "./limits.ts";
import { type Gates, MailServer } from "./mail-server.ts";
import type { Memory } from "./memory.ts";
import { answerSignIn } from "./sign-in.ts";
import { type TakePorts, takeMail } from "./take-mail.ts";

export type ServerPorts = AdmissionPorts &
  Omit<TakePorts, "mostBytes"> & {
    readonly entrance: AdmissionPorts["entrance"] & Gates["entrance"];
    readonly memory: Memory;
    readonly hostname: string;
    readonly signIn: SignIn;
    /** Null where there is no TLS. */
    readonly certificate: Certificate | null;
  };

export type SmtpServer = {
  /** Resolves with the port of the plain listener (with STARTTLS); `smtpsPort` null opens no other. */
  listen(at: { smtpHost: string; smtpPort: number; smtpsPort: number | null }): Promise<number>;
  /** New connections get this one from now on. */
  useCertificate(certificate: Certificate): void;
  /** Takes no new mail, lets what is in flight finish, then hangs up. */
  drain(): Promise<void>;
};

export function makeSmtpServer(ports: ServerPorts): SmtpServer {
  const inFlight = new Set<Promise<void>>();
  const servers: MailServer[] = [];
  const admission = makeAdmission(ports);
  const connections = () => servers.flatMap((server) => [...server.connections]);
  const gates = { ...ports, admission, connections };
  const open = (secure: boolean) => {
    const server = new MailServer({ ...optionsOf(ports, { ...gates, inFlight }), secure }, gates);
    server.on("error", (error) => ports.log("info", "a connection failed", { what: causeOf(error) }));
    servers.push(server);
    return server;
  };
  return {
    async listen({ smtpHost, smtpPort, smtpsPort }) {
      const port = await listen(open(false), smtpHost, smtpPort);
      if (smtpsPort !== null) await listen(open(true), smtpHost, smtpsPort);
      return port;
    },
    useCertificate(certificate) {
      for (const server of servers) server.updateSecureContext({ ...certificate });
    },
    drain: async () => {
      await Promise.all(servers.map((server) => drain(server, inFlight)));
    },
  };
}

/** What a TLS library of this decade can; RFC 8996 forbids what is older. */
const oldestTls = "TLSv1.2";

function optionsOf(
  ports: ServerPorts,
  { admission, inFlight }: Gates & { readonly inFlight: Set<Promise<void>> },
): SMTPServerOptions {
  const take = { ...ports, mostBytes: admission.mostBytes };
  return {
    ...(ports.certificate ?? { disabledCommands: ["STARTTLS"] }),
    minVersion: oldestTls,
    name: ports.hostname,
    banner: "Sealpost",
    authMethods: ["PLAIN", "LOGIN"],
    authOptional: true, // admission.ts decides
    allowInsecureAuth: true, // connection.ts offers AUTH only over TLS and on loopback
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: largestMail,
    maxRecipients: mostRecipients,
    maxClients: mostConnections,
    socketTimeout: idleMs,
    closeTimeout: drainMs,
    logger: false,
    onAuth: (auth, session, done) =>
      void answerSignIn(ports.signIn, auth, session).then((said) => done(null, said)),
    onMailFrom: (_address, session, done) => done(refusalOf(admission.mail(session))),
    onRcptTo: ({ address }, session, done) => done(refusalOf(admission.recipient(session, address))),
    onData(stream: MailStream, session, done) {
      const mail = takeMail(take, stream, session).then((answer) => {
        if (answer.code === 250) done(null, answer.text);
        else done(new Refusal(answer));
      });
      inFlight.add(mail);
      void mail.finally(() => inFlight.delete(mail));
    },
  };
}

function refusalOf(answer: Answer | null): Refusal | null {
  return answer && new Refusal(answer);
}

async function listen(server: MailServer, host: string, port: number): Promise<number> {
  const listening = once(server.server, "listening");
  server.listen(port, host);
  await listening;
  return (server.server.address() as AddressInfo).port;
}

async function drain(server: SMTPServer, inFlight: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const connection of server.connections) {
    if (connection instanceof MailConnection && connection.isIdle) {
      connection.send(421, "4.3.2 The gateway is going down, try again in a moment");
    }
  }
  await Promise.allSettled(inFlight);
  for (const connection of server.connections) connection.close();
  await closed;
}
