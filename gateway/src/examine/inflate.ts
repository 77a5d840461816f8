/**
 * Unpacking with bounds: never more bytes than allowed, never a ratio that no honest file has.
 */
import { gunzipSync, inflateRawSync } from "node:zlib";
import { Gunzip, Inflate } from "fflate";
import { RATIO_FREE_BYTES, RATIO_MAX } from "./limits.ts";

/** `bytes` is what could be unpacked, also when it is cut or damaged. */
export type Inflated = { readonly bytes: Buffer; readonly end: "whole" | "cut" | "damaged" };

/** One step unpacks at most a thousandfold of this. */
const STEP_BYTES = 4096;

/** Unpacks raw deflate or gzip up to `bytesMax`. Never throws. */
export function inflate(packed: Buffer, kind: "deflate" | "gzip", bytesMax: number): Inflated {
  const honestMax = Math.max(RATIO_FREE_BYTES, packed.length * RATIO_MAX);
  const whole = inflateWhole(packed, kind, Math.max(1, Math.min(bytesMax, honestMax)));
  return whole === null ? inflateBeginning(packed, kind, bytesMax) : { bytes: whole, end: "whole" };
}

/** The fast way, for files that are in order; it gives all or nothing. */
function inflateWhole(packed: Buffer, kind: "deflate" | "gzip", maxOutputLength: number): Buffer | null {
  try {
    return kind === "gzip"
      ? gunzipSync(packed, { maxOutputLength })
      : inflateRawSync(packed, { maxOutputLength });
  } catch {
    return null; // too long or damaged: read as far as it goes, by the other way
  }
}

/** In small steps, keeping what comes out. */
function inflateBeginning(packed: Buffer, kind: "deflate" | "gzip", bytesMax: number): Inflated {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let end: Inflated["end"] = "damaged";
  const stream = kind === "gzip" ? new Gunzip() : new Inflate();
  stream.ondata = (chunk, isLast) => {
    chunks.push(chunk);
    length += chunk.length;
    if (isLast) end = "whole";
  };
  try {
    for (let at = 0; at < packed.length; at += STEP_BYTES) {
      stream.push(packed.subarray(at, at + STEP_BYTES), at + STEP_BYTES >= packed.length);
      const read = Math.min(at + STEP_BYTES, packed.length);
      if (length > bytesMax || (length > RATIO_FREE_BYTES && length > read * RATIO_MAX)) {
        end = "cut";
        break;
      }
    }
  } catch {
    end = "damaged"; // fflate throws for broken streams: an answer, not a failure
  }
  return { bytes: Buffer.concat(chunks).subarray(0, bytesMax), end };
}
