/** What a device hands in is read strictly: entirely or not at all. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { streamBytes } from "../crypto/stream.ts";
import {
  decodePortalMail,
  encodePortalMail,
  LARGEST_ATTACHMENT,
  MAX_RECIPIENTS,
  MAX_TEXT,
  PIECE_BYTES,
  type PortalMail,
  parsePortalMail,
  piecesFor,
  piecesOf,
  SMALL_ATTACHMENT_BYTES,
} from "./portal-mail.ts";

const alice = { name: "Alice", address: "alice@acme.example" };
const message = "7d8f3c52-8f1c-4f5e-9f0b-0d6a54c1a111";
const reply: PortalMail = {
  v: 1,
  kind: "reply",
  inReplyTo: message,
  originalMessageId: "<1@acme.example>",
  to: [alice],
  cc: [],
  subject: "Re: Plan",
  text: "Yes.",
  html: null,
  contentKey: null,
  attachments: [],
};
const contentKey = "A".repeat(43).concat("=");
const small = { part: 1, name: "a.txt", type: "text/plain", size: 3, inline: false, uploaded: null };
const large = {
  ...small,
  part: 2,
  size: 5_000_000,
  uploaded: { sha256: contentKey, objects: ["one", "two"] },
};
const withFiles = { ...reply, contentKey, attachments: [small, large] };

test("what was encoded is decoded: a reply, a new mail, one with files", () => {
  const fresh = { ...reply, kind: "new", inReplyTo: null, originalMessageId: null } as const;

  for (const mail of [reply, fresh, withFiles]) {
    expect(decodePortalMail(encodePortalMail(mail))).toEqual({ kind: "parsed", value: mail });
  }
});

describe("a mail that does not fit is malformed, and says where", () => {
  test.each<[string, object, string]>([
    ["a hidden recipient", { ...reply, bcc: [alice] }, "mail: unknown field"],
    ["a From of its own", { ...reply, from: alice }, "mail: unknown field"],
    ["another version", { ...reply, v: 2 }, "mail.v"],
    ["another kind", { ...reply, kind: "forward" }, "mail.kind"],
    ["an answer to nothing", { ...reply, inReplyTo: null }, "mail: an answer names what it answers"],
    ["a new mail that answers", { ...reply, kind: "new" }, "mail: an answer names what it answers"],
    ["an answer to what is no id", { ...reply, inReplyTo: "x" }, "mail.inReplyTo"],
    [
      "a Message-ID with a header in it",
      { ...reply, originalMessageId: "<1@a>\r\nBcc: eve" },
      "mail.originalMessageId",
    ],
    ["a Message-ID without brackets", { ...reply, originalMessageId: "1@a" }, "mail.originalMessageId"],
    ["nobody to write to", { ...reply, to: [] }, "mail: recipients"],
    [
      "more people than allowed together",
      { ...reply, cc: Array(MAX_RECIPIENTS).fill(alice) },
      "mail: recipients",
    ],
    ["more text than anybody reads", { ...reply, text: "x".repeat(MAX_TEXT + 1) }, "mail.text"],
    [
      "a Content-ID with a header in it",
      { ...reply, attachments: [{ ...small, cid: "x>\r\nBcc: eve" }] },
      "mail: a Content-ID",
    ],
    ["a part twice", { ...reply, attachments: [small, small] }, "mail: a part twice"],
    ["an upload without its key", { ...reply, attachments: [large] }, "mail.contentKey"],
    ["a key of another length", { ...withFiles, contentKey: "AAAA" }, "mail.contentKey"],
    [
      "an upload with a piece too few",
      { ...withFiles, attachments: [{ ...large, uploaded: { ...large.uploaded, objects: ["one"] } }] },
      "mail: pieces of an upload",
    ],
    [
      "one object for two files",
      { ...withFiles, attachments: [large, { ...large, part: 3 }] },
      "mail: an object twice",
    ],
    [
      "a large file inside",
      { ...reply, attachments: [{ ...small, size: SMALL_ATTACHMENT_BYTES + 1 }] },
      "mail: an attachment too large to be inside",
    ],
    [
      "too many small files inside",
      {
        ...reply,
        attachments: [...Array(17).keys()].map((at) => ({
          ...small,
          part: at + 1,
          size: SMALL_ATTACHMENT_BYTES,
        })),
      },
      "mail: attachments too large to be inside",
    ],
    [
      "a file above the limit",
      { ...withFiles, attachments: [{ ...large, size: LARGEST_ATTACHMENT + 1 }] },
      "mail.attachments[0].size",
    ],
  ])("%s", (_, value, what) => {
    expect(parsePortalMail(value)).toEqual({ kind: "malformed", what });
  });

  test("files above the limit of a mail together", () => {
    const objects = (part: number) =>
      Array.from({ length: piecesFor(LARGEST_ATTACHMENT) }, (_, at) => `${part} ${at}`);
    const files = [1, 2, 3].map((part) => ({
      ...{ ...large, part, size: LARGEST_ATTACHMENT },
      uploaded: { sha256: contentKey, objects: objects(part) },
    }));

    expect(parsePortalMail({ ...withFiles, attachments: files.slice(0, 2) }).kind).toBe("parsed");
    expect(parsePortalMail({ ...withFiles, attachments: files })).toEqual({
      kind: "malformed",
      what: "mail: attachments too large",
    });
  });
});

test("no JSON at all makes the reader throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parsePortalMail(value).kind).toBe("malformed");
    }),
  );
});

test("the pieces of a ciphertext are as many as said, none too large, and make the whole again", () => {
  for (const size of [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 2 * PIECE_BYTES + 5]) {
    const cipher = new Uint8Array(streamBytes(size)).fill(7);
    const pieces = piecesOf(cipher);

    expect(pieces).toHaveLength(piecesFor(size));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(PIECE_BYTES);
    expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(cipher.length);
  }
});
