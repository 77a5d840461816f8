/**
 * A guest house for tests of the edge functions: people with real keys, real mails in MailDev, functions on real Deno.
 *
 * Guests come in as in life, by a message that the gateway's own SQL function stores; only its sealed bytes are random.
 */
import { randomUUID } from "node:crypto";
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import { wrapAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import type { BareKey } from "@sealpost/shared/crypto/primitives.ts";
import { KICK_HEADER, signKick } from "@sealpost/shared/crypto/signature.ts";
import {
  authPassword,
  canonicalPassword,
  type PasswordSecrets,
  passwordSecrets,
} from "@sealpost/shared/password/password.ts";
import { createClient } from "@supabase/supabase-js";
import { Pool } from "pg";
import { type FunctionName, functionEnvironment } from "../../../local/src/deployment/environment.ts";
import type { TestStack } from "../../../local/src/testing/global-setup.ts";
import { letterOf, storeLetter } from "../../../tests/town.ts";
import { given, newcomer, primitives, signingKeyOf } from "./newcomer.ts";

export interface Guest {
  readonly id: string;
  readonly address: string;
  readonly bare: BareKey;
  /** Of the message by which the guest came in. */
  readonly deliveryId: string;
}

/** A mail as MailDev gives it. */
export interface CaughtMail {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly from: readonly { readonly address: string; readonly name: string }[];
  readonly to: readonly { readonly address: string; readonly name: string }[];
  readonly envelope: { readonly from: { readonly address: string } };
  readonly attachments: readonly { readonly contentId: string }[];
}

/** The answer of a function: its status and its JSON. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of an answer
  readonly body: any;
}

export async function openGuestHouse(stack: TestStack) {
  const { deployment } = stack;
  const database = new Pool({ connectionString: stack.databaseUrls.postgres, max: 3 });
  const gateway = new Pool({ connectionString: stack.databaseUrls.gateway, max: 2 });
  const signingKey = await signingKeyOf(deployment);
  const host = await newcomer(`host-${randomUUID().slice(0, 8)}@acme.example`, deployment, signingKey);
  await database.query("select private.add_account($1), private.add_mailbox($2)", [
    host.account,
    host.mailbox,
  ]);
  await database.query("update public.accounts set status = 'active' where id = $1", [host.person.id]);

  const {
    auth: { admin: auth },
  } = createClient(stack.apiUrl, stack.serviceRoleKey, { auth: { persistSession: false } });

  const post = async (name: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${stack.apiUrl}/functions/v1/${name}`, {
      method: "POST",
      headers: { apikey: stack.anonKey, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const derived = new Map<string, Promise<PasswordSecrets>>();
  const secretsOf = (password: string, address: string) => {
    const key = JSON.stringify([canonicalPassword(password), address]);
    const { deploymentId } = deployment;
    const secrets = derived.get(key) ?? passwordSecrets(primitives, { password, address, deploymentId });
    derived.set(key, secrets); // each costs an Argon2id
    return secrets;
  };

  return {
    database,
    stack,
    post,
    secretsOf,

    /** Comes in by a first message; the temporary password and the notice are due. */
    async receive(name: string, message: { expiresAt?: Date; viewLimit?: number } = {}): Promise<Guest> {
      const guest = await newcomer(
        `${name}-${randomUUID().slice(0, 8)}@guest.example`,
        deployment,
        signingKey,
      );
      const letter = letterOf({ from: host.person, to: [guest.person], ...message });
      letter.accounts.push(guest.account);
      letter.mailboxes.push(guest.mailbox);
      await storeLetter(gateway, letter);
      const deliveryId = given(letter.deliveries.find(({ kind }) => kind === "to")).id;
      return { id: guest.person.id, address: guest.person.address, bare: guest.bare, deliveryId };
    },

    async kick(name: string): Promise<Answer> {
      const header = await signKick(primitives, signingKey, { name, atMs: Date.now() });
      return await post(name, {}, { [KICK_HEADER]: header });
    },

    /** Kicks until nothing of this guest's is due any more; other tests' kicks may have taken it. */
    async kickFor(guest: Guest, name: "invite" | "notify"): Promise<void> {
      const due = `select 1 from public.notices where state = 'due' and due_at <= now()
        and ${name === "invite" ? "account_id" : "delivery_id"} = $1`;
      const id = name === "invite" ? guest.id : guest.deliveryId;
      do await this.kick(name);
      while ((await database.query(due, [id])).rowCount !== 0);
    },

    /** Mails to an address, in the order in which they came. */
    async mailsTo(address: string): Promise<CaughtMail[]> {
      const response = await fetch(`${stack.mailWebUrl}/api/email`);
      const mails = (await response.json()) as CaughtMail[];
      return mails.filter((mail) => mail.to.some((to) => to.address === address));
    },

    /** A mail as it went over the wire. */
    async sourceOf(mail: CaughtMail): Promise<string> {
      return await (await fetch(`${stack.mailWebUrl}/api/email/${mail.id}/source`)).text();
    },

    /** The temporary password in the last mail that holds one. */
    async temporaryPasswordOf(guest: Guest): Promise<string> {
      const texts = (await this.mailsTo(guest.address)).map((mail) => mail.text);
      const found = texts.map(passwordIn).findLast((password) => password !== undefined);
      if (found === undefined) throw new Error("no mail with a temporary password came");
      return found;
    },

    async signIn(address: string, password: string): Promise<Answer> {
      return await post("sign-in", { address, secret: (await secretsOf(password, address)).signIn });
    },

    /** As the portal does it, with the key wrapped on the device. */
    async changePassword(guest: Guest, token: string, from: string, to: string): Promise<Answer> {
      const response = await fetch(await this.passwordRequest(guest, token, { from, to }));
      return { status: response.status, body: await response.json() };
    },

    async passwordRequest(guest: Guest, token: string, passwords: { from: string; to: string }) {
      const { address, id, bare: key } = guest;
      const current = await secretsOf(passwords.from, address);
      const next = await secretsOf(passwords.to, address);
      const owner = { id, address, keyVersion: 1 };
      const wrapped = toB64(await wrapAccountKey(primitives, next.wrap, { owner, bare: key }));
      const body = { current_secret: current.signIn, new_secret: next.signIn, wrapped_key: wrapped };
      return new Request(`${stack.apiUrl}/functions/v1/password`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          apikey: stack.anonKey,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
      });
    },

    /** What the stack tells a function, for a handler that runs in the test itself. */
    environmentOf(name: FunctionName): Readonly<Record<string, string>> {
      return functionEnvironment(name, deployment, stack.organisation, {
        apiUrl: stack.apiUrl,
        portalUrl: stack.portalUrl,
        outgoingSmtpUrl: stack.outgoingSmtpUrl,
        gatewayDatabaseUrl: "",
      });
    },

    /** Gives a guest a password of their own at once, by what the function `password` does, without the way there. */
    async settle(guest: Guest, password: string): Promise<void> {
      const secrets = await secretsOf(password, guest.address);
      const owner = { id: guest.id, address: guest.address, keyVersion: 1 };
      const wrapped = await wrapAccountKey(primitives, secrets.wrap, { owner, bare: guest.bare });
      const added = await database.query("select private.add_pending_wrap($1, 'chosen', $2) as id", [
        guest.id,
        Buffer.from(wrapped),
      ]);
      const signIn = { address: guest.address, secret: secrets.signIn };
      const { error } = await auth.createUser({
        id: guest.id,
        email: guest.address,
        password: await authPassword(primitives, given(fromB64(deployment.pepper)), signIn),
        email_confirm: true,
        app_metadata: { sealpost_wrap: added.rows[0].id },
      });
      if (error) throw error;
    },

    async myAccount(token: string) {
      const response = await fetch(`${stack.apiUrl}/rest/v1/rpc/my_account`, {
        method: "POST",
        headers: {
          apikey: stack.anonKey,
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: "{}",
      });
      return await response.json();
    },

    async leave(): Promise<void> {
      await Promise.all([database.end(), gateway.end()]);
    },
  };
}

export type GuestHouse = Awaited<ReturnType<typeof openGuestHouse>>;

/** A temporary password that stands alone on a line. */
export function passwordIn(text: string): string | undefined {
  return /^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}$/m.exec(text)?.[0];
}
