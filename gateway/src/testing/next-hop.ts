/**
 * A mail server for tests: keeps what it is given, and refuses whom it is told to refuse.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export type Taken = {
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: string;
  readonly args: unknown;
};

export type TestNextHop = {
  readonly url: string;
  readonly taken: readonly Taken[];
  stop(): Promise<void>;
};

/** Local parts "nobody" get 550, "later" 451; a mail with the word "virus" 554. */
export async function startNextHop(): Promise<TestNextHop> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    onRcptTo(address, _session, done) {
      if (address.address.startsWith("nobody")) return done(refusal(550, "no such user here"));
      if (address.address.startsWith("later")) return done(refusal(451, "greylisted"));
      done();
    },
    async onData(stream, session, done) {
      const pieces: Buffer[] = [];
      for await (const piece of stream) pieces.push(piece);
      const mail = Buffer.concat(pieces).toString("latin1");
      if (mail.includes("virus")) return done(refusal(554, "looks like a virus"));
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom === false ? "" : mailFrom.address;
      const args = mailFrom === false ? {} : mailFrom.args;
      taken.push({ from, to: rcptTo.map(({ address }) => address), mail, args });
      done(null, "queued by the next hop as 4711");
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    async stop() {
      for (const connection of server.connections) connection.close();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}
