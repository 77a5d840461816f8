/**
 * RFC 9180's own vectors: A.3.1 (base) and A.3.3 (auth) of DHKEM(P-256), HKDF-SHA256, AES-128-GCM, and the CFRG's vector of the suite
 * that Sealpost uses (the same with AES-256-GCM; https://github.com/cfrg/draft-irtf-cfrg-hpke, test-vectors.json).
 */
import { describe, expect, test } from "vitest";
import { importPublicKey, privateKeyObject } from "./curve.ts";
import { AES_128_GCM, AES_256_GCM, setupRecipient, setupSender } from "./hpke.ts";

const INFO = hex("4f6465206f6e2061204772656369616e2055726e");
const PLAIN = hex("4265617574792069732074727574682c20747275746820626561757479");

const vectors = [
  {
    name: "RFC 9180 A.3.1, base",
    suite: AES_128_GCM,
    ephemeral: "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
    recipient: "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
    recipientPublic:
      "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
    enc: "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    seals: [
      "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434",
      "fa6f037b47fc21826b610172ca9637e82d6e5801eb31cbd3748271affd4ecb06646e0329cbdf3c3cd655b28e82",
    ],
  },
  {
    name: "RFC 9180 A.3.3, auth",
    suite: AES_128_GCM,
    ephemeral: "6b8de0873aed0c1b2d09b8c7ed54cbf24fdf1dfc7a47fa501f918810642d7b91",
    recipient: "d929ab4be2e59f6954d6bedd93e638f02d4046cef21115b00cdda2acb2a4440e",
    recipientPublic:
      "04423e363e1cd54ce7b7573110ac121399acbc9ed815fae03b72ffbd4c18b01836835c5a09513f28fc971b7266cfde2e96afe84bb0f266920e82c4f53b36e1a78d",
    sender: "1120ac99fb1fccc1e8230502d245719d1b217fe20505c7648795139d177f0de9",
    senderPublic:
      "04a817a0902bf28e036d66add5d544cc3a0457eab150f104285df1e293b5c10eef8651213e43d9cd9086c80b309df22cf37609f58c1127f7607e85f210b2804f73",
    enc: "042224f3ea800f7ec55c03f29fc9865f6ee27004f818fcbdc6dc68932c1e52e15b79e264a98f2c535ef06745f3d308624414153b22c7332bc1e691cb4af4d53454",
    seals: ["82ffc8c44760db691a07c5627e5fc2c08e7a86979ee79b494a17cc3405446ac2bdb8f265db4a099ed3289ffe19"],
  },
  {
    name: "CFRG, base, the suite of Sealpost",
    suite: AES_256_GCM,
    ephemeral: "90345e3a1d116c1dd39ae76d95ab858c142223a63e44f8f85318cfa91a84858e",
    recipient: "317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2",
    recipientPublic:
      "04abc7e49a4c6b3566d77d0304addc6ed0e98512ffccf505e6a8e3eb25c685136f853148544876de76c0f2ef99cdc3a05ccf5ded7860c7c021238f9e2073d2356c",
    enc: "04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0",
    seals: ["58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f"],
  },
];

describe.each(vectors)("$name", (vector) => {
  test("a sender seals exactly as the vector", () => {
    const from = vector.sender && ownKey(vector.sender, vector.senderPublic);
    const to = importPublicKey(hex(vector.recipientPublic));

    const { enc, context } = setupSender(vector.suite, {
      to,
      info: INFO,
      ephemeral: ownKey(vector.ephemeral, vector.enc),
      ...(from && { from }),
    });
    const seals = vector.seals.map((_, count) => context.seal(aad(count), PLAIN));

    expect(Buffer.from(enc).toString("hex")).toBe(vector.enc);
    expect(seals.map((seal) => Buffer.from(seal).toString("hex"))).toEqual(vector.seals);
  });

  test("its recipient reads the vector", () => {
    const context = setupRecipient(vector.suite, {
      to: ownKey(vector.recipient, vector.recipientPublic),
      enc: importPublicKey(hex(vector.enc)),
      info: INFO,
      ...(vector.senderPublic && { from: importPublicKey(hex(vector.senderPublic)) }),
    });

    const plains = vector.seals.map((seal, count) => context.open(aad(count), hex(seal)));

    expect(plains).toEqual(vector.seals.map(() => PLAIN));
  });

  test("nobody reads it with other associated data", () => {
    const context = setupRecipient(vector.suite, {
      to: ownKey(vector.recipient, vector.recipientPublic),
      enc: importPublicKey(hex(vector.enc)),
      info: INFO,
      ...(vector.senderPublic && { from: importPublicKey(hex(vector.senderPublic)) }),
    });

    expect(context.open(aad(1), hex(vector.seals[0]!))).toBeUndefined();
  });
});

function ownKey(scalar: string, publicKey: string) {
  const bare = { scalar: hex(scalar), publicKey: hex(publicKey) };
  return { publicKey: bare.publicKey, privateKey: privateKeyObject(bare)! };
}

function aad(count: number): Uint8Array {
  return new TextEncoder().encode(`Count-${count}`);
}

function hex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, "hex"));
}
