/** Portal mail opens for the gateway as its writer's, and for nobody and nothing else. */
import { beforeAll, expect, test } from "vitest";
import { type Bytes, concatBytes, utf8 } from "../bytes.ts";
import { sealParcel } from "../crypto/parcel.ts";
import type { KeyPair } from "../crypto/primitives.ts";
import { webCryptoPrimitives } from "../crypto/webcrypto.ts";
import type { PortalMail } from "./portal-mail.ts";
import { openOwnCopy, openPortalMail, sealPortalMail, uploadKeyOf } from "./seal.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const id = "7d8f3c52-8f1c-4f5e-9f0b-0d6a54c1a111";
const file = { part: 4, name: "a.txt", type: "text/plain", size: 3, inline: false, uploaded: null };
const mail: PortalMail = {
  ...{
    v: 1,
    kind: "new",
    inReplyTo: null,
    originalMessageId: null,
    cc: [],
    subject: "Hi",
    text: "Hello",
    html: null,
  },
  ...{ to: [{ name: "", address: "alice@acme.example" }], contentKey: null },
  attachments: [file, { ...file, part: 2, size: 1 }],
};
const small = new Map([
  [4, utf8("abc")],
  [2, utf8("z")],
]);

let gateway: KeyPair;
let bob: { id: string; keyVersion: number; keyPair: KeyPair };
let eve: KeyPair;
beforeAll(async () => {
  [gateway, eve] = [await newPair(), await newPair()];
  bob = { id: "b0b00000-0000-4000-8000-000000000000", keyVersion: 1, keyPair: await newPair() };
});

async function newPair(): Promise<KeyPair> {
  const pair = await primitives.importKeyPair(await primitives.generateBareKey());
  if (pair === undefined) throw new Error("no key pair");
  return pair;
}

const seal = (from = bob.keyPair) =>
  sealPortalMail(primitives, {
    gatewayPublicKey: gateway.publicKey,
    ...{ account: { ...bob, keyPair: from }, id, mail, small },
  });
const open = (
  parcel: Uint8Array,
  changed: Partial<{ id: string; accountId: string; keyVersion: number; publicKey: Bytes }> = {},
) =>
  openPortalMail(primitives, {
    ...{ gateway, id: changed.id ?? id, parcel },
    account: {
      id: changed.accountId ?? bob.id,
      keyVersion: changed.keyVersion ?? 1,
      publicKey: changed.publicKey ?? bob.keyPair.publicKey,
    },
  });

test("the gateway opens what Bob sealed, files and all; Bob opens his own copy", async () => {
  const { parcel, ownCopy, objects } = await seal();

  expect(await open(parcel)).toEqual({ kind: "opened", value: { mail, small } });
  expect(await openOwnCopy(primitives, { account: bob, id, ownCopy })).toEqual({
    kind: "opened",
    value: mail,
  });
  expect(objects).toEqual([]);
});

test("what Eve sealed in Bob's name, or moved to another mail, account or key version, is forged", async () => {
  const { parcel } = await seal();
  const { parcel: eves } = await seal(eve);
  const other = "00000000-0000-4000-8000-000000000001";

  expect((await open(eves)).kind).toBe("forged");
  expect((await open(eves, { publicKey: eve.publicKey as Bytes })).kind).toBe("opened"); // it is Eve's, and says so
  expect((await open(parcel, { id: other })).kind).toBe("forged");
  expect((await open(parcel, { accountId: other })).kind).toBe("forged");
  expect((await open(parcel, { keyVersion: 2 })).kind).toBe("forged");
});

test("a parcel is no own copy, an own copy no parcel, and neither opens for Eve", async () => {
  const { parcel, ownCopy } = await seal();

  expect((await open(ownCopy)).kind).toBe("forged");
  expect((await openOwnCopy(primitives, { account: bob, id, ownCopy: parcel })).kind).toBe("forged");
  expect((await openOwnCopy(primitives, { account: { ...bob, keyPair: eve }, id, ownCopy })).kind).toBe(
    "forged",
  );
});

test("a parcel whose inside lies about its lengths is malformed, though Bob sealed it", async () => {
  const json = utf8(JSON.stringify(mail));
  const length = (bytes: number) => Uint8Array.of(0, 0, bytes >> 8, bytes & 0xff);
  const insides = {
    empty: new Uint8Array(),
    "no JSON": concatBytes(length(3), utf8("{{{")),
    "a length beyond the end": concatBytes(Uint8Array.of(0xff, 0xff, 0xff, 0xff), json),
    "a file too short": concatBytes(length(json.length), json, utf8("abc")),
    "bytes left over": concatBytes(length(json.length), json, utf8("abcz!")),
  };

  for (const [name, bytes] of Object.entries(insides)) {
    const parcel = await sealParcel(primitives, {
      ...{ to: gateway.publicKey, from: bob.keyPair, bytes },
      place: { role: "portal-mail", ids: [id, bob.id, 1] },
    });
    expect((await open(parcel)).kind, name).toBe("malformed");
  }
});

test("a mail is not sealed while the bytes of a file are not there", async () => {
  const { gatewayPublicKey, account } = { gatewayPublicKey: gateway.publicKey, account: bob };

  await expect(
    sealPortalMail(primitives, { gatewayPublicKey, account, id, mail, small: new Map() }),
  ).rejects.toThrow("are not there");
});

test("uploads have a key of the mail's own, or none", () => {
  expect(uploadKeyOf(id, { contentKey: "AQID" })).toEqual({
    messageId: id,
    contentKey: Uint8Array.of(1, 2, 3),
  });
  expect(uploadKeyOf(id, { contentKey: null })).toBeUndefined();
});
