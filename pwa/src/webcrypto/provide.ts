/**
 * WebCrypto, wherever the portal runs: the browser's own, or webcrypto-liner where a secure context lacks `crypto.subtle`. The
 * stand-in is a chunk of its own, loaded only there.
 *
 * Call it once on each thread (page, worker) before anything is sealed or opened; the crypto room then finds what it needs in
 * `globalThis.crypto`. [Note: One WebCrypto]
 */

/** What this context has to offer. In an insecure context (plain http beyond localhost) nothing is ever loaded: the portal refuses. */
export type WebCryptoKind = "native" | "liner" | "insecure";

/** The part of a global scope that decides; page and worker both have it. */
export interface CryptoScope {
  readonly isSecureContext: boolean;
  readonly crypto: Crypto;
}

/** Which WebCrypto applies here; loads nothing. */
export function webCryptoKind(scope: CryptoScope = globalThis): WebCryptoKind {
  if (!scope.isSecureContext) return "insecure";
  const subtle: SubtleCrypto | undefined = scope.crypto.subtle;
  return subtle === undefined ? "liner" : "native";
}

/**
 * Sees to it that `globalThis.crypto.subtle` is there, and says what it is. Rejects only where the stand-in could not be loaded
 * (no network); it may be called again then. After "insecure" there is no WebCrypto.
 */
export async function provideWebCrypto(scope: CryptoScope = globalThis): Promise<WebCryptoKind> {
  const kind = webCryptoKind(scope);
  if (kind !== "liner") return kind;
  const { makeLinerSubtle } = await import("./liner.ts");
  Object.defineProperty(scope.crypto, "subtle", { value: makeLinerSubtle(), configurable: true });
  return "liner";
}
