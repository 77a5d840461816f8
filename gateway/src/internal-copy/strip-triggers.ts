/**
 * Taking our own trigger and hidden recipients out of a mail, byte by byte: what is relayed stays as it was
 * signed, apart from these header fields.
 */
import { isBlankLine, lineEnd } from "../mime/header.ts";

/** Fields that no recipient may see: the trigger, its siblings, and the hidden recipients. */
const TAKEN_OUT = /^(?:x-sealpost(?:-[!-9;-~]*)?|bcc|resent-bcc)[ \t]*:/iu;
const FIELD_NAME_LENGTH_MAX = 200;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * The mail without `X-Sealpost…`, `Bcc` and `Resent-Bcc` fields of its own header; all other bytes are
 * identical. Gives back the same buffer when there is nothing to take out.
 */
export function stripTriggers(raw: Buffer): Buffer {
  const kept: Buffer[] = [];
  let keptUntil = 0;
  let taking = false;
  let at = 0;
  for (let end = lineEnd(raw, 0, raw.length); at < raw.length && !isBlankLine(raw, at, end); ) {
    const folded = raw[at] === SPACE || raw[at] === TAB;
    if (!folded)
      taking = TAKEN_OUT.test(raw.toString("latin1", at, Math.min(end, at + FIELD_NAME_LENGTH_MAX)));
    if (taking) {
      kept.push(raw.subarray(keptUntil, at));
      keptUntil = end;
    }
    at = end;
    end = lineEnd(raw, at, raw.length);
  }
  if (keptUntil === 0) return raw;
  kept.push(raw.subarray(keptUntil));
  return Buffer.concat(kept);
}
