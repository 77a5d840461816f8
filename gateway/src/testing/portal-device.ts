/**
 * Somebody at the portal in tests: signed in with a session of their own, sealing mails with their own key, over the real API.
 */
import { createHmac, randomBytes } from "node:crypto";
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import { sealAttachment } from "@sealpost/shared/crypto/attachment.ts";
import type { KeyPair } from "@sealpost/shared/crypto/primitives.ts";
import {
  type PortalMail,
  piecesOf,
  SMALL_ATTACHMENT_BYTES,
} from "@sealpost/shared/portal-mail/portal-mail.ts";
import { openOwnCopy, sealPortalMail } from "@sealpost/shared/portal-mail/seal.ts";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { nativePrimitives } from "../seal/native.ts";
import { ask, eventually } from "./correspondence.ts";
import { openAccount } from "./reader.ts";
import type { TestStack } from "./stack.ts";

const primitives = nativePrimitives();

/** A row of `my_portal_mail`, or an answer of `send_portal_mail`. */
export type Outgoing = {
  readonly kind?: string;
  readonly id: string;
  readonly state: string;
  readonly error: string | null;
  readonly message_id: string | null;
  readonly delivery_id: string | null;
  readonly own_copy: string | null;
};

export type Draft = Partial<PortalMail> & Pick<PortalMail, "to"> & { files?: Record<string, Buffer> };

export type Device = Awaited<ReturnType<typeof openDevice>>;

/** Activates the account of an address that has got a message, and signs it in. */
export async function openDevice(stack: TestStack, address: string) {
  const { row, account: keyPair } = await openAccount(stack, address);
  const account = { id: row.account_id, keyVersion: 1, keyPair };
  const client = await signIn(stack, account.id, address);
  const seal = (id: string, draft: Draft, from: KeyPair = keyPair) =>
    sealDraft({ stack, client, account: { ...account, keyPair: from } }, id, draft);
  const hand = async (id: string, sealed: Sealed): Promise<Outgoing> =>
    given(await client.rpc("send_portal_mail", { p_id: id, p_key_version: 1, ...sealed }));
  const outgoing = async (id: string): Promise<Outgoing | undefined> => {
    const rows: Outgoing[] = given(await client.rpc("my_portal_mail"));
    return rows.find((mail) => mail.id === id);
  };
  return {
    address,
    client,
    account,
    seal,
    hand,
    outgoing,
    /** Sends a mail and waits until the gateway has dealt with it. */
    async send(draft: Draft, id: string = crypto.randomUUID()): Promise<Outgoing> {
      await hand(id, await seal(id, draft));
      const ended = await eventually(
        () => outgoing(id),
        (mail) => mail?.state !== "sending",
      );
      if (ended === undefined) throw new Error("the mail is gone");
      return ended;
    },
    readOwnCopy: ({ id, own_copy }: Outgoing) =>
      openOwnCopy(primitives, { account, id, ownCopy: fromB64(own_copy ?? "") ?? new Uint8Array() }),
  };
}

type Sealed = { readonly p_parcel: string; readonly p_own_copy: string; readonly p_objects: string[] };

async function sealDraft(
  device: {
    readonly stack: TestStack;
    readonly client: SupabaseClient;
    readonly account: { readonly id: string; readonly keyVersion: number; readonly keyPair: KeyPair };
  },
  id: string,
  { files = {}, ...draft }: Draft,
): Promise<Sealed> {
  const contentKey = randomBytes(32);
  const small = new Map<number, Uint8Array>();
  const attachments: PortalMail["attachments"][number][] = [];
  for (const [index, [name, bytes]] of Object.entries(files).entries()) {
    const part = index + 1;
    const about = { part, name, type: "application/octet-stream", size: bytes.length, inline: false };
    if (bytes.length <= SMALL_ATTACHMENT_BYTES) {
      small.set(part, bytes);
      attachments.push({ ...about, uploaded: null });
    } else {
      const cipher = await sealAttachment(primitives, { messageId: id, contentKey }, { part, bytes });
      const objects = await upload(device.client, { id, part, cipher: cipher.cipher });
      attachments.push({ ...about, uploaded: { sha256: toB64(cipher.sha256), objects } });
    }
  }
  const mail: PortalMail = {
    v: 1,
    kind: draft.inReplyTo === undefined ? "new" : "reply",
    inReplyTo: null,
    originalMessageId: null,
    cc: [],
    subject: "Hello",
    text: "Hello from the portal.",
    html: null,
    contentKey: toB64(contentKey),
    attachments,
    ...draft,
  };
  const gatewayPublicKey = fromB64(device.stack.deployment.gateway.publicKey) ?? new Uint8Array();
  const sealed = await sealPortalMail(primitives, {
    ...{ gatewayPublicKey, account: device.account, id, mail, small },
  });
  return {
    p_parcel: toB64(sealed.parcel),
    p_own_copy: toB64(sealed.ownCopy),
    p_objects: sealed.objects,
  };
}

async function upload(
  client: SupabaseClient,
  { id, part, cipher }: { readonly id: string; readonly part: number; readonly cipher: Uint8Array },
): Promise<string[]> {
  const names: string[] = [];
  for (const [piece, bytes] of piecesOf(cipher).entries()) {
    const reserved = given(
      await client.rpc("reserve_portal_upload", {
        ...{ p_portal_mail_id: id, p_part: part, p_piece: piece, p_cipher_bytes: bytes.length },
      }),
    );
    if (reserved.kind !== "reserved") throw new Error(`the upload is ${reserved.kind}`);
    const { error } = await client.storage.from("attachments").upload(reserved.name, Buffer.from(bytes), {
      contentType: "application/octet-stream",
    });
    if (error !== null) throw error;
    names.push(reserved.name);
  }
  return names;
}

/** A session as the edge function makes it, without the password's derivation, which takes its time. */
async function signIn(stack: TestStack, accountId: string, address: string): Promise<SupabaseClient> {
  const session = crypto.randomUUID();
  const { superuser } = stack.databaseUrls;
  await ask(
    superuser,
    "update public.accounts set status = 'active', activated_at = coalesce(activated_at, now()) where id = $1",
    [accountId],
  );
  await ask(
    superuser,
    `insert into auth.users (id, email, aud, role) values ($1, $2, 'authenticated', 'authenticated') on conflict (id) do nothing`,
    [accountId, address],
  );
  await ask(
    superuser,
    "insert into auth.sessions (id, user_id, created_at, updated_at, aal) values ($1, $2, now(), now(), 'aal1')",
    [session, accountId],
  );
  await ask(superuser, "insert into private.trusted_sessions (session_id, account_id) values ($1, $2)", [
    session,
    accountId,
  ]);
  const seconds = Math.floor(Date.now() / 1_000);
  const token = signToken(stack.jwtSecret, {
    ...{ sub: accountId, role: "authenticated", aud: "authenticated", aal: "aal1", session_id: session },
    ...{ amr: [{ method: "password", timestamp: seconds }], iat: seconds, exp: seconds + 3_600 },
  });
  return createClient(stack.apiUrl, stack.anonKey, {
    accessToken: async () => token,
  });
}

function signToken(secret: string, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

// biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of an answer
function given({ data, error }: { data: any; error: unknown }): any {
  if (error !== null) throw error;
  return data;
}
