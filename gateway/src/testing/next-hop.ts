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
  readonly secured: boolean;
};

export type TestNextHop = {
  readonly url: string;
  readonly port: number;
  readonly taken: readonly Taken[];
  stop(): Promise<void>;
};

export type NextHopOptions = {
  /** By LMTP a recipient "full" is refused after the mail, for itself alone. */
  readonly lmtp?: boolean;
  /** PEM; without it there is no TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** TLS from the first byte. */
  readonly secure?: boolean;
};

/** Local parts "nobody" get 550, "later" 451; a mail with the word "virus" 554. */
export async function startNextHop({
  lmtp = false,
  certificate,
  secure = false,
}: NextHopOptions = {}): Promise<TestNextHop> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, lmtp, secure, ...certificate },
    disabledCommands: ["AUTH", ...(certificate ? [] : ["STARTTLS"])],
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
      const secured = session.secure === true;
      taken.push({ from, to: rcptTo.map(({ address }) => address), mail, args, secured });
      const queued = "queued by the next hop as 4711";
      if (!lmtp) return done(null, queued);
      const each = rcptTo.map(({ address }) =>
        address.startsWith("full") ? refusal(552, "is full") : queued,
      );
      done(null, each as unknown as string);
    },
  });
  server.on("error", () => {}); // a client that does not trust the certificate hangs up
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `${lmtp ? "lmtp" : "smtp"}://127.0.0.1:${port}`,
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
