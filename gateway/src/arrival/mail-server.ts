/**
 * smtp-server with our own connection and PROXY header. [Note: Leaning on smtp-server]
 */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { Entrance } from "../config/entrance.ts";
import { unmapped } from "../config/networks.ts";
import type { Admission } from "./admission.ts";
import { MailConnection } from "./connection.ts";
import type { Memory } from "./memory.ts";
import { takeProxyHeader } from "./proxy-header.ts";

/** What every connection asks. */
export type Gates = {
  readonly admission: Admission;
  readonly entrance: Pick<Entrance, "proxies">;
  readonly memory: Memory;
  /** Those of all ports. */
  readonly connections: () => readonly { readonly remoteAddress: string }[];
};

export class MailServer extends SMTPServer {
  readonly gates: Gates;

  constructor(options: SMTPServerOptions, gates: Gates) {
    super(options);
    this.gates = gates;
  }

  override connect(...[socket, options]: Parameters<SMTPServer["connect"]>): void {
    const connection = new MailConnection(this, socket, options);
    connection.gates = this.gates;
    this.connections.add(connection);
    connection.on("error", (error) => this.emit("error", error));
    connection.init();
  }

  /** smtp-server compares single addresses, and knows version 1 only. */
  override _expectsProxyHeader(socket: Socket): boolean {
    return this.gates.entrance.proxies.contains(unmapped(socket.remoteAddress ?? ""));
  }

  override _handleProxy(...[socket, done]: Parameters<SMTPServer["_handleProxy"]>): void {
    if (!this._expectsProxyHeader(socket)) return void setImmediate(done, null, { id: randomUUID() });
    void takeProxyHeader(socket).then((header) => {
      if (header === undefined) {
        socket.on("error", () => {});
        socket.destroy();
        return done(new Error("no PROXY header"));
      }
      const { client } = header;
      const peer = client && { remoteAddress: client.address, remotePort: client.port };
      done(null, { id: randomUUID(), ...peer });
    });
  }
}
