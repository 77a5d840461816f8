/**
 * HKDF with SHA-256 (RFC 5869) for webcrypto-liner, over its HMAC.
 */
import * as core from "webcrypto-core";

const HASH_BYTES = 32;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** How webcrypto-liner makes its keys: it takes only instances of its own class for its own. */
export type LinerKeyClass = new () => core.CryptoKey;

/** The provider that answers `importKey` and `deriveBits` with the algorithm HKDF. */
export class HkdfStandIn extends core.HkdfProvider {
  override hashAlgorithms = ["SHA-256"];
  readonly #subtle: SubtleCrypto;
  readonly #keyClass: LinerKeyClass;
  readonly #secrets = new WeakMap<CryptoKey, Uint8Array<ArrayBuffer>>();

  constructor(subtle: SubtleCrypto, keyClass: LinerKeyClass) {
    super();
    this.#subtle = subtle;
    this.#keyClass = keyClass;
  }

  override async onImportKey(
    _format: KeyFormat,
    keyData: JsonWebKey | ArrayBuffer,
    _algorithm: Algorithm,
    _extractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey> {
    if (!core.BufferSourceConverter.isBufferSource(keyData))
      throw new core.OperationError("HKDF takes raw keys");
    const key = Object.assign(new this.#keyClass(), {
      algorithm: { name: this.name },
      extractable: false,
      type: "secret" as const,
      usages,
    });
    this.#secrets.set(key, Uint8Array.from(core.BufferSourceConverter.toUint8Array(keyData)));
    return key;
  }

  override async onDeriveBits(algorithm: HkdfParams, key: CryptoKey, length: number): Promise<ArrayBuffer> {
    const secret = this.#secrets.get(key);
    if (secret === undefined || length % 8 !== 0) throw new core.OperationError("HKDF cannot derive that");
    const salt = core.BufferSourceConverter.toUint8Array(algorithm.salt);
    const info = core.BufferSourceConverter.toUint8Array(algorithm.info);
    const prk = await this.#hmac(salt.length === 0 ? new Uint8Array(HASH_BYTES) : salt, secret);
    const derived = new Uint8Array(length / 8);
    let block = new Uint8Array();
    for (let at = 0, count = 1; at < derived.length; at += HASH_BYTES, count++) {
      block = await this.#hmac(prk, joined(block, info, count));
      derived.set(block.subarray(0, derived.length - at), at);
    }
    return derived.buffer;
  }

  async #hmac(key: Uint8Array, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const imported = await this.#subtle.importKey("raw", key as BufferSource, HMAC, false, ["sign"]);
    return new Uint8Array(await this.#subtle.sign("HMAC", imported, bytes as BufferSource));
  }
}

function joined(block: Uint8Array, info: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(block.length + info.length + 1);
  bytes.set(block);
  bytes.set(info, block.length);
  bytes[bytes.length - 1] = count;
  return bytes;
}
