/** What invite works with, from its environment. */
import type { BareKey, KeyPair, Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { openEnvironment, type ReadVariable, SECRET_BYTES } from "../_shared/environment.ts";
import { kickEnvironment } from "../_shared/kick-environment.ts";
import { mailEnvironment } from "../_shared/mail-environment.ts";
import { outboxOf } from "../_shared/outbox.ts";
import { invitedAccounts } from "./accounts.ts";
import type { InvitePorts } from "./invite.ts";

export function portsFromEnvironment(read: ReadVariable): InvitePorts {
  const environment = openEnvironment(read);
  const { rim, connect } = kickEnvironment("invite", environment);
  const mail = mailEnvironment(environment);
  const pepper = environment.bytes("SEALPOST_PEPPER", SECRET_BYTES);
  const deploymentId = environment.uuid("SEALPOST_DEPLOYMENT_ID");
  const inviteKey = environment.privateKey("SEALPOST_INVITE_KEY");
  environment.finish();
  const backend = connect();
  return {
    ...mail,
    rim,
    pepper,
    deploymentId,
    inviteKey: () => keyPairOf(rim.primitives, inviteKey),
    accounts: invitedAccounts(backend),
    outbox: outboxOf(backend),
  };
}

async function keyPairOf(primitives: Primitives, bare: BareKey): Promise<KeyPair> {
  const pair = await primitives.importKeyPair(bare);
  if (pair === undefined) throw new Error("SEALPOST_INVITE_KEY is no P-256 key.");
  return pair;
}
