/**
 * Frames of the Realtime protocol, version 2.0.0: a JSON array of five, or the binary form in which realtime-js sends
 * a client's own broadcast.
 *
 * Reading never throws: what is no frame is null, and the caller hangs up.
 * Source: https://supabase.com/docs/guides/realtime/protocol, realtime-js `src/lib/serializer.ts`.
 */

/** One message of a socket, either way. `topic` still carries its prefix `realtime:`. */
export type Frame = {
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
};

const clientBroadcastKind = 3;
const jsonEncoding = 1;
const fixedHeaderBytes = 7;

/** Reads one frame, or gives null for anything that is none. */
export function readFrame(data: Buffer, isBinary: boolean): Frame | null {
  return isBinary ? readClientBroadcast(data) : readTextFrame(data.toString("utf8"));
}

/** The text form of a frame, as every client of version 2.0.0 reads it. */
export function writeFrame(frame: Frame): string {
  return JSON.stringify([frame.joinRef, frame.ref, frame.topic, frame.event, frame.payload]);
}

function readTextFrame(text: string): Frame | null {
  const parts = parseJson(text);
  if (!Array.isArray(parts) || parts.length !== 5) return null;
  const [joinRef, ref, topic, event, payload] = parts as unknown[];
  if (!isRef(joinRef) || !isRef(ref) || typeof topic !== "string" || typeof event !== "string") return null;
  if (!isRecord(payload)) return null;
  return { joinRef, ref, topic, event, payload };
}

function readClientBroadcast(data: Buffer): Frame | null {
  if (data.length < fixedHeaderBytes || data[0] !== clientBroadcastKind) return null;
  if (data[6] !== jsonEncoding) return null;
  const sizes = [...data.subarray(1, 6)];
  const fields: string[] = [];
  let offset = fixedHeaderBytes;
  for (const size of sizes) {
    if (offset + size > data.length) return null;
    fields.push(data.toString("utf8", offset, offset + size));
    offset += size;
  }
  const [joinRef = "", ref = "", topic = "", event = ""] = fields;
  const payload = parseJson(data.toString("utf8", offset));
  if (payload === undefined) return null;
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: "broadcast",
    payload: { type: "broadcast", event, payload },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRef(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

/** Whether a value read from JSON is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
