/**
 * Sign-in of the demo's people, by the way that the portal takes: the edge function `sign-in`.
 */
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { passwordSecrets } from "@sealpost/shared/password/password.ts";
import { createClient } from "@supabase/supabase-js";
import type { TestStack } from "./global-setup.ts";

export type Session = { readonly accessToken: string; readonly accountId: string };

/** Signs a person of the demo in; throws whatever else the function answers. */
export async function signInDemo(stack: TestStack, address: string): Promise<Session> {
  const primitives = webCryptoPrimitives(globalThis.crypto);
  const password = stack.organisation.demo?.password ?? "";
  const { deploymentId } = stack.deployment;
  const secrets = await passwordSecrets(primitives, { password, address, deploymentId });
  const client = createClient(stack.apiUrl, stack.anonKey, { auth: { persistSession: false } });
  const { data, error } = await client.functions.invoke("sign-in", {
    body: { address, secret: secrets.signIn },
  });
  if (error !== null || data.kind !== "signed-in") throw new Error(`sign-in answered ${data?.kind ?? error}`);
  const user = await client.auth.getUser(data.session.access_token);
  return { accessToken: data.session.access_token, accountId: user.data.user?.id ?? "" };
}
