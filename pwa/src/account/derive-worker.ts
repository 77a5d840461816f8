/**
 * Argon2id on a thread of its own, so that the page stays alive while a password is being worked on.
 */
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { passwordSecrets } from "@sealpost/shared/password/password.ts";
import { provideWebCrypto } from "../webcrypto/provide.ts";

/** One question, answered once; the worker ends after it, and the password with it. */
export interface DeriveQuestion {
  password: string;
  address: string;
  deploymentId: string;
}

const worker = self as unknown as Pick<DedicatedWorkerGlobalScope, "addEventListener" | "postMessage">;

worker.addEventListener("message", async (event: MessageEvent<DeriveQuestion>) => {
  await provideWebCrypto();
  worker.postMessage(await passwordSecrets(webCryptoPrimitives(globalThis.crypto), event.data));
});
