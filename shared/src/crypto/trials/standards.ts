/**
 * The published vectors of the standards below the seal: SHA-256 (FIPS 180-4), HMAC (RFC 4231), HKDF (RFC 5869), AES-256-GCM (McGrew and
 * Viega, case 16), HPKE (CFRG's vector of our suite), ECDSA (RFC 6979 A.2.5, verification), Argon2id (PHC reference code).
 */
import { argon2id } from "hash-wasm";
import { concatBytes, utf8 } from "../../bytes.ts";
import { fromHex, present, same, type Trial } from "./trial.ts";

const HKDF = [
  {
    name: "RFC 5869 A.1",
    secret: "0b".repeat(22),
    salt: "000102030405060708090a0b0c",
    info: "f0f1f2f3f4f5f6f7f8f9",
    derived: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    name: "RFC 5869 A.2",
    secret: range(0x00, 80),
    salt: range(0x60, 80),
    info: range(0xb0, 80),
    derived:
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  },
  {
    name: "RFC 5869 A.3",
    secret: "0b".repeat(22),
    salt: "",
    info: "",
    derived: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  },
];

const HPKE = {
  recipient: "317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2",
  recipientPublic:
    "04abc7e49a4c6b3566d77d0304addc6ed0e98512ffccf505e6a8e3eb25c685136f853148544876de76c0f2ef99cdc3a05ccf5ded7860c7c021238f9e2073d2356c",
  info: "4f6465206f6e2061204772656369616e2055726e",
  enc: "04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0",
  aad: "436f756e742d30",
  sealed: "58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f",
  plain: "4265617574792069732074727574682c20747275746820626561757479",
};

const GCM = {
  key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
  nonce: "cafebabefacedbaddecaf888",
  aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
  plain:
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
  sealed:
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
    "76fc6ece0f4e1768cddf8853bb2d551b",
};

const ECDSA = {
  publicKey:
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
  signature:
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
};

export const standardTrials: readonly Trial[] = [
  {
    name: "SHA-256 of abc, at once and in pieces",
    run: async (primitives) => {
      const wanted = fromHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
      const running = await primitives.startSha256();
      running.update(utf8("a"));
      running.update(utf8("bc"));
      same(await primitives.sha256(utf8("abc")), wanted, "at once");
      same(running.digest(), wanted, "in pieces");
    },
  },
  {
    name: "HMAC-SHA256, RFC 4231 case 2",
    run: async (primitives) => {
      const mac = await primitives.hmacSha256(utf8("Jefe"), utf8("what do ya want for nothing?"));
      same(mac, fromHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"), "mac");
    },
  },
  ...HKDF.map(
    (vector): Trial => ({
      name: `HKDF-SHA256, ${vector.name}`,
      run: async (primitives) => {
        const [secret, salt, info] = [fromHex(vector.secret), fromHex(vector.salt), fromHex(vector.info)];
        const derived = await primitives.hkdfSha256({
          secret,
          salt,
          info,
          length: vector.derived.length / 2,
        });
        same(derived, fromHex(vector.derived), "derived");
      },
    }),
  ),
  {
    name: "AES-256-GCM, case 16",
    run: async (primitives) => {
      const aead = await primitives.importAead(fromHex(GCM.key));
      const [nonce, aad, plain, sealed] = [GCM.nonce, GCM.aad, GCM.plain, GCM.sealed].map(fromHex);
      const place = [present(nonce, "nonce"), present(aad, "aad")] as const;
      same(await aead.seal(...place, present(plain, "plain")), sealed, "sealed");
      same(await aead.open(...place, present(sealed, "sealed")), plain, "opened");
    },
  },
  {
    name: "HPKE, CFRG's vector of DHKEM(P-256), HKDF-SHA256, AES-256-GCM",
    run: async (primitives) => {
      const bare = { scalar: fromHex(HPKE.recipient), publicKey: fromHex(HPKE.recipientPublic) };
      const to = present(await primitives.importKeyPair(bare), "key pair");
      const seals = [{ aad: fromHex(HPKE.aad), sealed: fromHex(HPKE.sealed) }];
      const opening = { to, enc: fromHex(HPKE.enc), info: fromHex(HPKE.info), seals };
      same(await primitives.hpkeOpen(opening), [fromHex(HPKE.plain)], "opened");
    },
  },
  {
    name: "ECDSA P-256 with SHA-256, RFC 6979 A.2.5",
    run: async (primitives) => {
      const [publicKey, signature] = [fromHex(ECDSA.publicKey), fromHex(ECDSA.signature)];
      same(await primitives.verify({ publicKey, signature, bytes: utf8("sample") }), true, "sample");
      same(await primitives.verify({ publicKey, signature, bytes: utf8("simple") }), false, "simple");
    },
  },
  {
    name: "Argon2id, PHC reference code",
    run: async () => {
      const hash = await argon2id({
        password: "password",
        salt: "somesalt",
        memorySize: 256,
        iterations: 2,
        parallelism: 1,
        hashLength: 32,
        outputType: "binary",
      });
      same(hash, fromHex("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"), "hash");
    },
  },
  {
    name: "a private key is not taken with somebody else's public key",
    run: async (primitives) => {
      const [mine, other] = [await primitives.generateBareKey(), await primitives.generateBareKey()];
      const mixed = { scalar: mine.scalar, publicKey: other.publicKey };
      const noPoint = { scalar: mine.scalar, publicKey: concatBytes(Uint8Array.of(4), new Uint8Array(64)) };
      same((await primitives.importKeyPair(mixed)) === undefined, true, "key pair");
      same((await primitives.importSigningKey(mixed)) === undefined, true, "signing key");
      same((await primitives.importKeyPair(noPoint)) === undefined, true, "no point");
    },
  },
];

function range(from: number, count: number): string {
  return Array.from({ length: count }, (_, at) => (from + at).toString(16).padStart(2, "0")).join("");
}
