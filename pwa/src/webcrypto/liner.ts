/**
 * webcrypto-liner as the portal uses it: its plain module build (the shim wants globals), with HKDF, which it lacks, and with keys
 * that are copies of what they were imported from.
 *
 * Fifty times slower than a browser's own, and its keys cannot be stored in IndexedDB; it never replaces a native one.
 */
import { Crypto, CryptoKey } from "webcrypto-liner/build/index.es.js";
import { HkdfStandIn } from "./hkdf.ts";

/** A SubtleCrypto in JavaScript. Random numbers still come from the browser's `getRandomValues`. */
export function makeLinerSubtle(): SubtleCrypto {
  const { subtle } = new Crypto();
  subtle.providers.set(new HkdfStandIn(subtle, CryptoKey));
  copyKeys(subtle);
  return subtle;
}

/**
 * webcrypto-liner keeps the very bytes that it is given as a key, and `@hpke/core` wipes those bytes after the import, as one may
 * with WebCrypto: without the copy everything would be sealed under a key of zeros. [Note: Imported keys are copies]
 */
function copyKeys(subtle: SubtleCrypto): void {
  const importKey = subtle.importKey.bind(subtle) as (...args: unknown[]) => Promise<CryptoKey>;
  const importCopy = (format: KeyFormat, keyData: unknown, ...more: unknown[]): Promise<CryptoKey> =>
    importKey(format, isBufferSource(keyData) ? copied(keyData) : keyData, ...more);
  Object.assign(subtle, { importKey: importCopy });
}

function isBufferSource(keyData: unknown): keyData is BufferSource {
  return keyData instanceof ArrayBuffer || ArrayBuffer.isView(keyData);
}

function copied(keyData: BufferSource): ArrayBuffer {
  if (keyData instanceof ArrayBuffer) return keyData.slice();
  return Uint8Array.from(new Uint8Array(keyData.buffer, keyData.byteOffset, keyData.byteLength)).buffer;
}
