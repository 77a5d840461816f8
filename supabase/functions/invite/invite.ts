/**
 * Inviting: an account that has never been used gets a temporary password, by a mail of its own.
 *
 * It may be cut short at any step and is then done anew, with another password. The first time, Auth's user is made before the
 * mail; later the mail goes first, so that the old password is void only once the new one was taken. [Note: The mailed password works]
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { KeyPair } from "@sealpost/shared/crypto/primitives.ts";
import { english } from "../../templates/english.ts";
import { oneLine } from "../../templates/letter.ts";
import { temporaryPasswordLetter } from "../../templates/temporary-password.ts";
import { type KickRim, kickedFunction, type Progress } from "../_shared/kick.ts";
import { describeError } from "../_shared/log.ts";
import { laterOrNever, type MailOutcome, type Outbox, outcomeOf } from "../_shared/outbox.ts";
import type { Delivery, Postman } from "../_shared/outgoing-mail.ts";
import type { DueInvite, InvitedAccounts, NewPassword } from "./accounts.ts";
import { freshPassword } from "./fresh-password.ts";

export interface InvitePorts {
  readonly rim: KickRim;
  readonly accounts: InvitedAccounts;
  readonly outbox: Outbox;
  readonly inviteKey: () => Promise<KeyPair>;
  readonly pepper: Uint8Array;
  readonly deploymentId: string;
  readonly portal: URL;
  readonly newPostman: () => Postman;
}

/** Each costs an Argon2id, and hosted edge functions have 2 s of CPU: the gateway kicks again for the next. */
const INVITES_A_KICK = 1;

const LONGEST_NAME = 60;

export function makeInvite(ports: InvitePorts): (request: Request) => Promise<Response> {
  return kickedFunction(ports.rim, async (): Promise<Progress> => {
    const invites = await ports.accounts.claim(INVITES_A_KICK);
    for (const invite of invites) await ports.outbox.record(invite.id, await settle(ports, invite));
    return { done: invites.length, left: invites.length < INVITES_A_KICK ? 0 : 1 };
  });
}

/** Whatever goes wrong is tried again, until two days have passed. */
async function settle(ports: InvitePorts, invite: DueInvite): Promise<MailOutcome> {
  try {
    return await inviteOne(ports, invite);
  } catch (error) {
    ports.rim.log({ function: "invite", what: "not invited", notice: invite.id, ...describeError(error) });
    return laterOrNever("The temporary password could not be set.", invite.attempts);
  }
}

async function inviteOne(ports: InvitePorts, invite: DueInvite): Promise<MailOutcome> {
  const { account } = invite;
  if (account.status !== "invited")
    return { kind: "dropped", because: "The account is no longer waiting for it." };
  if (normaliseAddress(account.address) !== account.address) {
    return { kind: "failed", because: "The address is not one that mail can be sent to." };
  }
  const { primitives, signingPublicKey } = ports.rim;
  const { pepper, deploymentId } = ports;
  const keys = { primitives, signingPublicKey, inviteKey: await ports.inviteKey(), pepper, deploymentId };
  const fresh = await freshPassword(keys, account);
  if (fresh.kind === "forged") {
    ports.rim.log({ function: "invite", what: "a key that the gateway has not attested", notice: invite.id });
    return { kind: "failed", because: "The account's key is not the one that the gateway made." };
  }
  return outcomeOf(await hand(ports, invite, fresh), invite.attempts);
}

/** Sets the password and mails it, in the order in which the mailed one always works. */
async function hand(
  ports: InvitePorts,
  invite: DueInvite,
  fresh: { readonly password: string; readonly stored: NewPassword },
): Promise<Delivery> {
  const { account } = invite;
  if (!account.has_user) {
    await ports.accounts.create(account, fresh.stored);
    return await mail(ports, invite, fresh.password);
  }
  const delivery = await mail(ports, invite, fresh.password);
  if (delivery.kind === "taken") await ports.accounts.replace(account, fresh.stored);
  return delivery;
}

/** Each attempt has a Message-ID of its own: what looks like a duplicate, and is hidden, would be the password that works. */
async function mail(ports: InvitePorts, invite: DueInvite, password: string): Promise<Delivery> {
  const { account, organisation, life_seconds: lifeSeconds } = invite;
  const nowMs = ports.rim.now().getTime();
  const letter = temporaryPasswordLetter(
    {
      organisation,
      recipient: account.address,
      whom: account.kind === "internal" ? "colleague" : "recipient",
      password,
      lifeSeconds,
      until: new Date(nowMs + lifeSeconds * 1000),
      portal: ports.portal,
    },
    english,
  );
  const postman = ports.newPostman();
  try {
    return await postman.deliver({
      letter,
      to: account.address,
      fromName: oneLine(organisation, LONGEST_NAME),
      token: invite.token,
      messageId: `password-${invite.id}-${nowMs}`,
    });
  } finally {
    postman.close();
  }
}
