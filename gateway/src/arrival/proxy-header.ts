/**
 * The PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt): who a load balancer says that the client is.
 *
 * Read only from proxies that the operator names; everybody else's header would be a lie about where they come from.
 */
import { isIP, type Socket } from "node:net";

export type ProxyHeader = {
  /** Where it ends. */
  readonly length: number;
  /** Null where the proxy speaks for itself, as in its health checks. */
  readonly client: { readonly address: string; readonly port: number } | null;
};

export type ReadHeader = { kind: "more" } | { kind: "wrong" } | { kind: "header"; header: ProxyHeader };

const wrong: ReadHeader = { kind: "wrong" };
const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
/** Section 2.1: the longest header of version 1, with its line break. */
const longestLine = 107;
/** Section 2.2: signature, version and command, family, length. */
const fixedLength = 16;
/** Addresses and a few extensions; a header that claims more is none. */
const mostVariable = 1_024;

/** What the first bytes of a connection say; "more" until the header is whole. */
export function readProxyHeader(bytes: Buffer): ReadHeader {
  const start = bytes.subarray(0, signature.length);
  if (signature.subarray(0, start.length).equals(start)) return readBinary(bytes);
  return readLine(bytes);
}

function readLine(bytes: Buffer): ReadHeader {
  const text = bytes.toString("latin1", 0, longestLine);
  if (!"PROXY ".startsWith(text.slice(0, 6))) return wrong;
  const end = text.indexOf("\r\n");
  if (end < 0) return text.length < longestLine ? { kind: "more" } : wrong;
  const [, family, address = "", , port = ""] = text.slice(0, end).split(" ");
  const length = end + 2;
  if (family === "UNKNOWN") return { kind: "header", header: { length, client: null } };
  const isRight = isIP(address) !== 0 && family === `TCP${isIP(address)}` && /^\d{1,5}$/.test(port);
  if (!isRight) return wrong;
  return { kind: "header", header: { length, client: { address, port: Number(port) } } };
}

function readBinary(bytes: Buffer): ReadHeader {
  if (bytes.length < fixedLength) return { kind: "more" };
  const [versionAndCommand, family] = [bytes.readUInt8(12), bytes.readUInt8(13)];
  const variable = bytes.readUInt16BE(14);
  const length = fixedLength + variable;
  if (versionAndCommand >> 4 !== 2 || variable > mostVariable) return wrong;
  if (bytes.length < length) return { kind: "more" };
  const rest = bytes.subarray(fixedLength, length);
  switch (versionAndCommand & 0x0f) {
    case 0: // LOCAL
      return { kind: "header", header: { length, client: null } };
    case 1: // PROXY
      return readClient(rest, family, length);
    default:
      return wrong;
  }
}

/** TCP over IPv4: two addresses of 4 bytes, two ports; TCP over IPv6: of 16 bytes. */
function readClient(rest: Buffer, family: number, length: number): ReadHeader {
  if (family === 0x11 && rest.length >= 12) {
    const client = { address: rest.subarray(0, 4).join("."), port: rest.readUInt16BE(8) };
    return { kind: "header", header: { length, client } };
  }
  if (family === 0x21 && rest.length >= 36) {
    const groups = Array.from({ length: 8 }, (_, i) => rest.readUInt16BE(2 * i).toString(16));
    return {
      kind: "header",
      header: { length, client: { address: groups.join(":"), port: rest.readUInt16BE(32) } },
    };
  }
  return wrong;
}

/** Takes the header off a socket; what follows it is read as if there had been none. Undefined where there is no true one. */
export function takeProxyHeader(socket: Socket): Promise<ProxyHeader | undefined> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const settle = (header: ProxyHeader | undefined) => {
      socket.off("readable", look).off("end", fail).off("close", fail).off("error", fail);
      resolve(header);
    };
    const fail = () => settle(undefined);
    const look = () => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      bytes = Buffer.concat([bytes, chunk]);
      const read = readProxyHeader(bytes);
      if (read.kind === "wrong") return fail();
      if (read.kind === "more") return;
      const rest = bytes.subarray(read.header.length);
      if (rest.length > 0) socket.unshift(rest);
      settle(read.header);
    };
    socket.on("readable", look).on("end", fail).on("close", fail).on("error", fail);
  });
}
