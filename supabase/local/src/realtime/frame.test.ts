import fc from "fast-check";
import { expect, test } from "vitest";
import { type Frame, readFrame, writeFrame } from "./frame.ts";

const frames: fc.Arbitrary<Frame> = fc.record({
  joinRef: fc.option(fc.string()),
  ref: fc.option(fc.string()),
  topic: fc.string(),
  event: fc.string(),
  payload: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Record<string, unknown>>,
});

test("what is written is read again", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const text = writeFrame(frame);

      expect(readFrame(Buffer.from(text), false)).toEqual(JSON.parse(JSON.stringify(frame)));
    }),
  );
});

test("no bytes whatever make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isBinary) => {
      expect(() => readFrame(Buffer.from(bytes), isBinary)).not.toThrow();
    }),
  );
});

test.each([
  "",
  "null",
  "{}",
  "[]",
  "[1,2,3,4,5]",
  '[null,null,"t","e",[]]',
  '[null,null,"t","e",null]',
  '["1","2","t","e",{},6]',
])("%s is no frame", (text) => {
  expect(readFrame(Buffer.from(text), false)).toBeNull();
});

test("a client's own broadcast is read from its binary form", () => {
  const fields = ["7", "8", "realtime:account:ü", "typing", ""].map((text) => Buffer.from(text));
  const head = Buffer.from([3, ...fields.map((field) => field.length), 1]);

  const frame = readFrame(Buffer.concat([head, ...fields, Buffer.from('{"x":1}')]), true);

  expect(frame).toEqual({
    joinRef: "7",
    ref: "8",
    topic: "realtime:account:ü",
    event: "broadcast",
    payload: { type: "broadcast", event: "typing", payload: { x: 1 } },
  });
});

test("a binary frame whose sizes point beyond its end is none", () => {
  expect(readFrame(Buffer.from([3, 255, 255, 255, 255, 255, 1, 65]), true)).toBeNull();
});
