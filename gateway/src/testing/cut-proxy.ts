/**
 * A wire to the database that tests can cut: new connections are refused and old ones broken, or only the answers held back.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type CutProxy = {
  /** The database's URL, through the wire. */
  readonly url: string;
  cut(): void;
  mend(): void;
  /** Lets requests through and keeps the answers: what is committed is never heard of. */
  holdAnswers(): void;
  stop(): Promise<void>;
};

export async function startCutProxy(databaseUrl: string): Promise<CutProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let state: "whole" | "cut" | "deaf" = "whole";
  const server = createServer((socket) => {
    if (state === "cut") return void socket.destroy();
    const database = connect(Number(target.port), target.hostname);
    for (const end of [socket, database]) {
      sockets.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        sockets.delete(end);
        socket.destroy();
        database.destroy();
      });
    }
    socket.pipe(database);
    database.on("data", (answer) => {
      if (state === "whole") socket.write(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = "cut";
      cutAll();
    },
    mend() {
      state = "whole";
    },
    holdAnswers() {
      state = "deaf";
    },
    async stop() {
      cutAll();
      server.close();
      await once(server, "close");
    },
  };
}
