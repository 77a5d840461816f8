/** What is used of webcrypto-liner's module build, which comes without types. */
declare module "webcrypto-liner/build/index.es.js" {
  import type { CryptoKey as CoreCryptoKey, SubtleCrypto as CoreSubtleCrypto } from "webcrypto-core";

  export class Crypto {
    readonly subtle: CoreSubtleCrypto & SubtleCrypto;
  }
  export class CryptoKey extends CoreCryptoKey {}
}
