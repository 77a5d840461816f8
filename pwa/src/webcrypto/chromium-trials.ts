/**
 * What the Chromium test bundles into its page: the trials of the seal on the WebCrypto that the page has or is given.
 */
import { toB64 } from "@sealpost/shared/bytes.ts";
import { frozenTrials } from "@sealpost/shared/crypto/trials/frozen.ts";
import { makeShapes } from "@sealpost/shared/crypto/trials/shapes.ts";
import { standardTrials } from "@sealpost/shared/crypto/trials/standards.ts";
import { tamperingTrials } from "@sealpost/shared/crypto/trials/tampering.ts";
import { runTrials, type Verdict } from "@sealpost/shared/crypto/trials/trial.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { provideWebCrypto, type WebCryptoKind } from "./provide.ts";

/** What a page found out: which WebCrypto it had, how the trials went, and what it sealed for others to open. */
export interface PageFindings {
  readonly kind: WebCryptoKind;
  readonly verdicts: readonly Verdict[];
  readonly sealed: Readonly<Record<string, string>>;
}

async function findOut(mostPlaces: number): Promise<PageFindings> {
  const kind = await provideWebCrypto();
  const primitives = webCryptoPrimitives(globalThis.crypto);
  const trials = [...standardTrials, ...frozenTrials, ...tamperingTrials("the same", mostPlaces)];
  const verdicts = await runTrials(trials, primitives);
  const shapes = await makeShapes(primitives, primitives);
  return {
    kind,
    verdicts,
    sealed: Object.fromEntries(shapes.map(({ name, sealed }) => [name, toB64(sealed)])),
  };
}

Object.assign(globalThis, { findOut });
