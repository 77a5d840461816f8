/**
 * The next hop: the mail server that takes ordinary mail from here. Connections are kept and used again.
 *
 * Its answers are given back as they are, recipient by recipient; nothing is retried that may have been taken.
 */
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { isLoopback } from "../config/networks.ts";
import type { NextHop as Address } from "../config/next-hop.ts";
import { causeOf } from "../log.ts";
import { type Answered, type Envelope, transact } from "./transaction.ts";
import { makeTurns } from "./turns.ts";

export type NextHop = {
  /** Hands one mail on. */
  send(envelope: Envelope, mail: Buffer): Promise<Handed>;
  close(): void;
};

export type Handed = Answered | { kind: "away"; what: string };

/** As many mails at one time; beyond that they wait. Also what a mail server commonly takes from one client. */
const mostConnections = 20;
const idleMs = 30_000;
const connectMs = 10_000;
/** Shorter than the ten minutes of RFC 5321 section 4.5.3.2.6, because somebody waits for our own answer meanwhile. */
export const answerMs = 120_000;

export function makeNextHop(address: Address, hostname: string): NextHop {
  const idle = makeIdle();
  const turns = makeTurns(mostConnections);

  const settle = (connection: SMTPConnection, outcome: Attempt): Handed => {
    switch (outcome.kind) {
      case "taken":
        idle.keep(connection);
        return outcome;
      case "refused":
        quit(connection); // its transaction may still be open there
        return outcome.reply.code === outOfStep ? { kind: "away", what: "out of step" } : outcome;
      case "lost":
        connection.close();
        return { kind: "away", what: outcome.what };
    }
  };

  return {
    async send(envelope, mail) {
      await turns.enter();
      try {
        const kept = idle.take();
        const first = kept && (await attempt(kept, envelope, mail));
        // a kept connection that the server has closed meanwhile took nothing
        if (kept && first !== undefined && first.kind !== "lost") return settle(kept, first);
        kept?.close();
        const fresh = await connect(address, hostname);
        return settle(fresh, await attempt(fresh, envelope, mail));
      } catch (error) {
        return { kind: "away", what: causeOf(error) };
      } finally {
        turns.leave();
      }
    },
    close: idle.close,
  };
}

type Kept = { readonly connection: SMTPConnection; readonly timer: NodeJS.Timeout };

/** Connections that wait for the next mail, for a while. */
function makeIdle() {
  let idle: Kept[] = [];
  return {
    take(): SMTPConnection | undefined {
      for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
        clearTimeout(kept.timer);
        if (!kept.connection.destroyed) return kept.connection;
      }
      return undefined;
    },
    keep(connection: SMTPConnection): void {
      if (connection.destroyed) return;
      const timer = setTimeout(() => {
        idle = idle.filter((kept) => kept.connection !== connection);
        quit(connection);
      }, idleMs);
      timer.unref();
      idle.push({ connection, timer });
    },
    close(): void {
      for (const { connection, timer } of idle.splice(0)) {
        clearTimeout(timer);
        connection.close();
      }
    },
  };
}

/** "Bad sequence of commands": says something about the connection, nothing about the mail. */
const outOfStep = 503;

type Attempt = Answered | { kind: "lost"; what: string };

async function attempt(connection: SMTPConnection, envelope: Envelope, mail: Buffer): Promise<Attempt> {
  try {
    return await transact(connection, envelope, mail);
  } catch (error) {
    return { kind: "lost", what: causeOf(error) };
  }
}

function quit(connection: SMTPConnection): void {
  if (!connection.destroyed) connection.quit();
}

async function connect(address: Address, hostname: string): Promise<SMTPConnection> {
  const { host, port, protocol, user, password } = address;
  const secure = address.tls === "from-the-start";
  // a password never travels in the clear, nor to somebody who only says that he is the next hop
  const demandsTls = address.tls === "starttls" || (!secure && user !== null && !isLoopback(host));
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    lmtp: protocol === "lmtp",
    name: hostname,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    allowInternalNetworkInterfaces: true,
    opportunisticTLS: !secure && !demandsTls,
    requireTLS: demandsTls,
    tls: { rejectUnauthorized: secure || demandsTls || user !== null },
  });
  connection.on("error", () => connection.close());
  await new Promise<void>((resolve, reject) => {
    connection.once("error", reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  if (user !== null) await signIn(connection, user, password ?? "");
  return connection;
}

function signIn(connection: SMTPConnection, user: string, pass: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.login({ user, pass }, (error) => (error ? reject(error) : resolve()));
  });
}
