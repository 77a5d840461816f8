/** Shapes that others wrote are read strictly: entirely or not at all. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../bytes.ts";
import { decodeBody, encodeBody, type MessageBody, parseBody } from "./body.ts";
import { canonicalControls, MAX_VIEW_LIMIT, OPEN_CONTROLS, parseControls } from "./controls.ts";
import {
  decodeHeader,
  encodeHeader,
  MAX_ATTACHMENTS,
  MAX_CORRESPONDENTS,
  MAX_HEADER_BYTES,
  MAX_SUBJECT,
  type MessageHeader,
  parseHeader,
} from "./header.ts";

const ann = { name: "Ann", address: "ann@acme.example" };
const header: MessageHeader = {
  v: 1,
  subject: "Minutes",
  from: ann,
  to: [ann],
  cc: [],
  date: "2026-05-28T20:26:40.000Z",
  attachmentCount: 0,
};
const attachment = { part: 1, name: "a.pdf", type: "application/pdf", size: 3, inline: false };
const body: MessageBody = { v: 1, text: "Dear Bob", html: null, attachments: [attachment] };

describe("what was encoded is decoded", () => {
  test("a header, with and without its Message-ID", () => {
    const full = { ...header, messageId: "<1@acme.example>" };

    expect(decodeHeader(encodeHeader(header))).toEqual({ kind: "parsed", value: header });
    expect(decodeHeader(encodeHeader(full))).toEqual({ kind: "parsed", value: full });
  });

  test("a body, with and without a Content-ID", () => {
    const inline = { ...body, attachments: [{ ...attachment, cid: "logo", inline: true }] };

    expect(decodeBody(encodeBody(body))).toEqual({ kind: "parsed", value: body });
    expect(decodeBody(encodeBody(inline))).toEqual({ kind: "parsed", value: inline });
  });
});

describe("a header that does not fit is malformed, and says where", () => {
  test.each<[string, object, string]>([
    ["a Bcc", { ...header, bcc: [ann] }, "header: unknown field"],
    ["another version", { ...header, v: 2 }, "header.v"],
    ["no subject", without(header, "subject"), "header.subject"],
    ["a subject without end", { ...header, subject: "x".repeat(MAX_SUBJECT + 1) }, "header.subject"],
    [
      "an optional field that is undefined in another way",
      { ...header, messageId: null },
      "header.messageId",
    ],
    ["a recipient who is a text", { ...header, to: [ann, "eve"] }, "header.to[1]"],
    ["a recipient with more", { ...header, cc: [{ ...ann, bcc: true }] }, "header.cc[0]: unknown field"],
    ["too many recipients", { ...header, to: Array(MAX_CORRESPONDENTS + 1).fill(ann) }, "header.to"],
    ["half an attachment", { ...header, attachmentCount: 0.5 }, "header.attachmentCount"],
    ["too many attachments", { ...header, attachmentCount: MAX_ATTACHMENTS + 1 }, "header.attachmentCount"],
    ["a list", [header], "header"],
  ])("%s", (_, value, what) => {
    expect(parseHeader(value)).toEqual({ kind: "malformed", what });
  });

  test("one whose prototype is smuggled in", () => {
    const smuggled = utf8(`{"__proto__":${JSON.stringify(header)}}`);

    expect(decodeHeader(smuggled)).toEqual({ kind: "malformed", what: "header: unknown field" });
  });

  test("one that is too long, no JSON, or no UTF-8", () => {
    expect(decodeHeader(new Uint8Array(MAX_HEADER_BYTES + 1)).kind).toBe("malformed");
    expect(decodeHeader(utf8("{")).kind).toBe("malformed");
    expect(decodeHeader(Uint8Array.of(0xff)).kind).toBe("malformed");
    expect(decodeHeader(new Uint8Array()).kind).toBe("malformed");
  });
});

describe("a body that does not fit is malformed", () => {
  test.each<[string, object, string]>([
    ["a part twice", { ...body, attachments: [attachment, attachment] }, "body: a part twice"],
    [
      "part 0, the body itself",
      { ...body, attachments: [{ ...attachment, part: 0 }] },
      "body.attachments[0].part",
    ],
    ["a negative size", { ...body, attachments: [{ ...attachment, size: -1 }] }, "body.attachments[0].size"],
    [
      "a claim that is none",
      { ...body, attachments: [{ ...attachment, inline: 1 }] },
      "body.attachments[0].inline",
    ],
    ["no text, not even null", without(body, "text"), "body.text"],
  ])("%s", (_, value, what) => {
    expect(parseBody(value)).toEqual({ kind: "malformed", what });
  });
});

test("no JSON at all makes a reader throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseHeader(value).kind).toBe("malformed");
      expect(parseBody(value).kind).toBe("malformed");
      expect(parseControls(value).kind).toBe("malformed");
    }),
  );
});

describe("controls", () => {
  test("are read as the database stores them", () => {
    expect(parseControls({ ...OPEN_CONTROLS, viewLimit: 1 })).toMatchObject({ kind: "parsed" });
  });

  test.each([
    ["a limit of no openings", { viewLimit: 0 }],
    ["a limit beyond the database's numbers", { viewLimit: MAX_VIEW_LIMIT + 1 }],
    ["a text for a claim", { print: "true" }],
    ["a control of the future", { forward: true }],
  ])("with %s are none", (_, changed) => {
    expect(parseControls({ ...OPEN_CONTROLS, ...changed }).kind).toBe("malformed");
  });

  test("have one canonical text, in whatever order they come", () => {
    const reversed = Object.fromEntries(Object.entries(OPEN_CONTROLS).toReversed()) as typeof OPEN_CONTROLS;

    expect(canonicalControls(reversed)).toBe(canonicalControls(OPEN_CONTROLS));
    expect(canonicalControls(OPEN_CONTROLS)).toBe(
      '{"download":true,"onlineOnly":false,"print":true,"receipt":false,"reply":true,"replyAll":true,"viewLimit":null,"watermark":false}',
    );
  });

  test("every one of them is signed", () => {
    for (const name of Object.keys(OPEN_CONTROLS) as (keyof typeof OPEN_CONTROLS)[]) {
      const changed = { ...OPEN_CONTROLS, [name]: name === "viewLimit" ? 1 : !OPEN_CONTROLS[name] };
      expect(canonicalControls(changed)).not.toBe(canonicalControls(OPEN_CONTROLS));
    }
  });
});

function without(value: object, field: string): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== field));
}
