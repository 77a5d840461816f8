/**
 * smtp-server's connection with some things changed: no waiting before the banner for trusted clients, our own DATA phase,
 * AUTH only where nobody listens in, and enhanced status codes that say what we mean.
 *
 * These lean on inner methods of smtp-server, whose version is pinned; server.test.ts talks to it over a real socket and
 * fails when they move. [Note: Leaning on smtp-server]
 */

import type { SMTPServerDataStream } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { SMTPStream } from "smtp-server/lib/smtp-stream.js";
import { isLoopback } from "../config/networks.ts";
import { type DataPhase, startDataPhase } from "./data-phase.ts";
import { mostConnections } from "./limits.ts";
import type { Gates } from "./mail-server.ts";
import type { Memory } from "./memory.ts";

/** Why a mail was not kept while it came in. */
export type NotKept = "too-long" | "no-room";

/** The stream that smtp-server hands to `onData`, with what our DATA phase found out. */
export interface MailStream extends SMTPServerDataStream {
  notKept?: NotKept;
  /** Gives the bytes back to the memory; to be called once the mail has been dealt with. */
  release?: () => void;
}

const enhanced = /^[245]\.\d{1,3}\.\d{1,3} /;

/** As smtp-server's: a client that talks before it is greeted is no mail server. */
const earlyTalkerMs = 100;

export class MailConnection extends SMTPConnection {
  gates: Gates | undefined;

  /** smtp-server always waits for early talkers; that caps a trusted client at ten mails a second. */
  override init(): void {
    this._setListeners(() => {
      const gates = this.gates;
      if (gates === undefined) return this.close();
      const connections = gates.connections();
      const mine = connections.filter(({ remoteAddress }) => remoteAddress === this.remoteAddress);
      const problem = gates.admission.connection(this.remoteAddress, mine.length - 1);
      if (connections.length > mostConnections) {
        this.send(421, "4.3.2 Too many connections, try again in a moment");
      } else if (problem !== null) {
        this.send(problem.code, problem.text);
      } else if (gates.admission.isTrusted(this.remoteAddress)) {
        this.connectionReady();
      } else {
        setTimeout(() => this.connectionReady(), earlyTalkerMs).unref();
      }
    });
  }

  /** A password travels over TLS, or never leaves the machine. */
  override _isSupported(command: string): boolean {
    const isHidden = command.toUpperCase() === "AUTH" && !this.secure && !isLoopback(this.remoteAddress);
    return !isHidden && super._isSupported(command);
  }

  /**
   * A text that brings its own enhanced status code gets no second one. The answers to pipelined commands leave together
   * (RFC 2920 section 3.2).
   */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const own = typeof data === "string" && enhanced.test(data);
    const socket = this._socket;
    socket.cork();
    super.send(code, data, own ? false : context);
    process.nextTick(() => socket.uncork());
  }

  override _createParser(): SMTPStream {
    const parser = new MailParser(
      { maxCommandLength: this._server.options.maxCommandLength },
      {
        memory: () => this.gates?.memory,
        mostBytes: () => this.gates?.admission.mostBytes(this.session),
      },
    );
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on("error", () => this.send(421, "4.5.2 Command line too long"));
    return parser;
  }

  /** Whether the client is between mails, so that nothing is lost by hanging up. */
  get isIdle(): boolean {
    return !this._dataStream;
  }
}

/** Asked when it is needed: smtp-server makes the parser before the connection knows. */
type Room = {
  readonly memory: () => Memory | undefined;
  readonly mostBytes: () => number | undefined;
};

class MailParser extends SMTPStream {
  readonly #room: Room;
  #phase: DataPhase = startDataPhase();
  #held = 0;

  constructor(options: ConstructorParameters<typeof SMTPStream>[0], room: Room) {
    super(options);
    this.#room = room;
  }

  override startDataMode(maxBytes?: number | string | null): SMTPServerDataStream {
    const stream: MailStream = super.startDataMode(this.#room.mostBytes() ?? maxBytes);
    this.#phase = startDataPhase();
    this.#held = 0;
    stream.release = () => {
      this.#room.memory()?.release(this.#held);
      this.#held = 0;
    };
    stream.once("close", () => {
      if (!stream.readableEnded) stream.release?.();
    });
    return stream;
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const stream = this._dataStream as MailStream | null;
    if (stream === null) {
      done();
      return;
    }
    const before = this.dataBytes;
    const fed = this.#phase.feed(chunk);
    const rest = fed.kind === "ended" ? fed.rest : Buffer.alloc(0);
    this._countDataBytes(chunk.length - rest.length);
    this.#account(stream, this.dataBytes - before);
    if (fed.kind === "more") {
      done();
      return;
    }
    const mail = stream.notKept === undefined ? this.#phase.mail() : null;
    this.#phase = startDataPhase();
    this._endDataMode(mail !== null && mail.length > 0 ? mail : false, rest, done);
  }

  #account(stream: MailStream, bytes: number): void {
    if (stream.notKept !== undefined) return;
    const tooLong = this.dataBytes > this._maxBytes + 5; // the end of the data is no part of the mail
    if (!tooLong && this.#room.memory()?.take(bytes) !== false) {
      this.#held += bytes;
      return;
    }
    stream.notKept = tooLong ? "too-long" : "no-room";
    this.#phase.letGo();
    stream.release?.();
  }
}
