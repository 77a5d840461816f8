/** Erin, outside, answers from a device that has nothing but the portal's configuration and her password; Frieda answers from her mail client. */
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import { importAttested, unwrapAccountKey, wrapAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import type { Opened } from "@sealpost/shared/crypto/opened.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { passwordSecrets } from "@sealpost/shared/password/password.ts";
import type { PortalMail } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { sealPortalMail } from "@sealpost/shared/portal-mail/seal.ts";
import { createClient } from "@supabase/supabase-js";
import { beforeAll, expect, test } from "vitest";
import { portal } from "./world/browser.ts";
import { mailsTo, send, temporaryPasswordIn, waitForMails } from "./world/mail.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const erin = "erin@example.com";
const frieda = "frieda@acme.example";
const ownPassword = "amber-Lighthouse-63-pine";
const messageId = "<gooseberry-1@acme.example>";

let erins: Awaited<ReturnType<typeof firstSignIn>>;
beforeAll(async () => {
  await send({
    from: `Frieda Fischer <${frieda}>`,
    to: `Erin <${erin}>`,
    cc: "kurt@acme.example",
    subject: "[secure] Gooseberries",
    text: "Do you want some?",
    messageId,
  });
  erins = await firstSignIn(temporaryPasswordIn(await waitForMails(erin, 2)));
});

/** What the portal does at first sign-in: temporary password, own password, the account's key. */
async function firstSignIn(temporaryPassword: string) {
  const config = await (await fetch(portal("/config.json"))).json();
  const client = createClient(config.apiUrl, config.anonKey, { auth: { persistSession: false } });
  const secretsOf = (password: string) =>
    passwordSecrets(primitives, { password, address: erin, deploymentId: config.deploymentId });
  const [temporary, own] = [await secretsOf(temporaryPassword), await secretsOf(ownPassword)];
  const adopt = async (name: string, body: object) => {
    const { data, error } = await client.functions.invoke(name, { body });
    if (error !== null || data.session === undefined) throw new Error(`${name} answered ${data?.kind}`);
    await client.auth.setSession(data.session);
  };
  await adopt("sign-in", { address: erin, secret: temporary.signIn });
  const { data: row } = await client.rpc("my_account");
  const owner = { id: row.id, address: erin, keyVersion: row.key_version };
  const wrapped = bytes(row.wrapped_key);
  const bare = opened(await unwrapAccountKey(primitives, temporary.wrap, { owner, wrapped }));
  const rewrapped = toB64(await wrapAccountKey(primitives, own.wrap, { owner, bare }));
  await adopt("password", {
    current_secret: temporary.signIn,
    new_secret: own.signIn,
    wrapped_key: rewrapped,
  });
  const keyPair = opened(await importAttested(primitives, bare, bytes(row.public_key)));
  return { client, config, account: { ...owner, keyPair } };
}

const bytes = (b64: string) => fromB64(b64) ?? new Uint8Array();

function opened<T>(result: Opened<T>): T {
  if (result.kind !== "opened") throw new Error(`${result.what} is ${result.kind}`);
  return result.value;
}

/** Hands a mail in, and waits for what becomes of it. */
async function erinSends(draft: Partial<PortalMail>) {
  const id = crypto.randomUUID();
  const { parcel, ownCopy, objects } = await sealPortalMail(primitives, {
    ...{
      gatewayPublicKey: bytes(erins.config.gatewayPublicKey),
      account: erins.account,
      id,
      small: new Map(),
    },
    mail: {
      ...{
        v: 1,
        kind: "new",
        inReplyTo: null,
        originalMessageId: null,
        to: [],
        cc: [],
        subject: "",
        text: "",
      },
      ...{ html: null, contentKey: null, attachments: [], ...draft },
    },
  });
  await erins.client.rpc("send_portal_mail", {
    ...{ p_id: id, p_key_version: erins.account.keyVersion, p_objects: objects },
    ...{ p_parcel: toB64(parcel), p_own_copy: toB64(ownCopy) },
  });
  const stateOf = async () => {
    const { data } = await erins.client.rpc("my_portal_mail");
    return data.find((mail: { id: string }) => mail.id === id);
  };
  await expect.poll(async () => (await stateOf()).state, { timeout: 20_000 }).not.toBe("sending");
  return await stateOf();
}

test("Erin's reply reaches Frieda's ordinary mailbox and stands beside her mail; Kurt, whom it does not name, gets nothing", async () => {
  const { data: inbox } = await erins.client.rpc("list_messages", { p_folder: "inbox" });
  const answered = inbox.find((row: { sender_address: string }) => row.sender_address === frieda);

  const sent = await erinSends({
    ...{ kind: "reply", inReplyTo: answered.message_id, originalMessageId: messageId },
    ...{
      to: [{ name: "Frieda Fischer", address: frieda }],
      subject: "Re: Gooseberries",
      text: "A kilo, please.",
    },
  });

  expect(sent).toMatchObject({ state: "sent", error: null });
  await expect.poll(async () => (await reply())?.text, { timeout: 20_000 }).toContain("A kilo, please.");
  expect(await reply()).toMatchObject({
    headers: { "in-reply-to": messageId, references: messageId },
    from: [{ name: "Erin via Acme" }],
  });
  expect(JSON.stringify(await mailsTo("kurt@acme.example"))).not.toContain("A kilo, please.");
  const { data: outbox } = await erins.client.rpc("list_messages", { p_folder: "sent" });
  expect(outbox).toMatchObject([{ delivery_id: sent.delivery_id, state: "readable" }]);
});

async function reply() {
  return (await mailsTo(frieda)).find(({ subject }) => subject === "Re: Gooseberries");
}

test("Frieda answers it from her client without a tag, and it comes to Erin as a secure message only", async () => {
  const before = (await mailsTo(erin)).length;

  const answer = await send({
    ...{ from: frieda, to: erin, subject: "Re: Gooseberries", text: "Two kilos of marzipan then." },
    inReplyTo: (await reply())?.headers["message-id"] ?? "",
  });

  expect(answer).toMatch(/^250 /);
  const mails = await waitForMails(erin, before + 1);
  expect(JSON.stringify(mails)).not.toContain("marzipan");
});

test("Erin cannot find out who works there: writing to Kurt and to nobody fails in the same words", async () => {
  const words = async (address: string) => {
    const { state, error } = await erinSends({ to: [{ name: "", address }], text: "Hello?" });
    return { state, error: error.replace(address, "X") };
  };

  const kurt = await words("kurt@acme.example");

  expect(kurt.state).toBe("refused");
  expect(await words("nobody-at-all@acme.example")).toEqual(kurt);
});
