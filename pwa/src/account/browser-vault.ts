/**
 * The vault over the browser's WebCrypto, with Argon2id in a worker.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import type { PortalConfig } from "../config.ts";
import { provideWebCrypto } from "../webcrypto/provide.ts";
import { derive } from "./derive.ts";
import { type AccountVault, createVault } from "./vault.ts";

export async function createBrowserVault(config: PortalConfig): Promise<AccountVault> {
  await provideWebCrypto();
  const signingPublicKey = fromB64(config.signingPublicKey);
  if (signingPublicKey === undefined) throw new Error("config.json: signingPublicKey is not base64");
  const { deploymentId } = config;
  return createVault({
    primitives: webCryptoPrimitives(globalThis.crypto),
    deploymentId,
    signingPublicKey,
    derive: (password, address) => derive({ password, address, deploymentId }),
  });
}
