/** What becomes of one portal mail by what is found in its parcel and by what the passage answers. */
import { createSecretKey } from "node:crypto";
import type { KeyPair } from "@sealpost/shared/crypto/primitives.ts";
import { sealPortalMail } from "@sealpost/shared/portal-mail/seal.ts";
import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { beforeAll, expect, test } from "vitest";
import type { Answer } from "../arrival/answer.ts";
import type { Arrived } from "../arrival/arrived.ts";
import type { Call, Database } from "../database/database.ts";
import { DatabaseProblem } from "../database/problem.ts";
import type { Lookup } from "../keys/directory.ts";
import type { Organisation } from "../organisation/organisation.ts";
import { nativePrimitives } from "../seal/native.ts";
import { startPortalMail } from "./worker.ts";
import type { Written } from "./written.ts";

const primitives = nativePrimitives();
const id = "7d8f3c52-8f1c-4f5e-9f0b-0d6a54c1a111";
const message = "7d8f3c52-8f1c-4f5e-9f0b-0d6a54c1a222";
const account = "b0b00000-0000-4000-8000-000000000000";
const [alice, bob] = ["alice@acme.example", "bob@elsewhere.example"];
const hourMs = 3_600_000;

const definition = {
  name: "30-days",
  controls: OPEN_CONTROLS,
  expiresAfterMs: null,
  sealsForEverybody: false,
};
const organisation = {
  ...{ name: "Acme", domains: new Set(["acme.example"]) },
  defaultDefinition: { ...definition, tellsSender: false, label: null },
} as unknown as Organisation;

let [gateway, bobs, eves]: KeyPair[] = [];
beforeAll(async () => {
  [gateway, bobs, eves] = [await newPair(), await newPair(), await newPair()];
});

async function newPair(): Promise<KeyPair> {
  const pair = await primitives.importKeyPair(await primitives.generateBareKey());
  if (pair === undefined) throw new Error("no key pair");
  return pair;
}

async function parcelBy(from: KeyPair, to: string): Promise<Buffer> {
  const sealed = await sealPortalMail(primitives, {
    ...{ gatewayPublicKey: gateway!.publicKey, account: { id: account, keyVersion: 1, keyPair: from }, id },
    mail: {
      ...{
        v: 1,
        kind: "reply",
        inReplyTo: message,
        originalMessageId: null,
        to: [{ name: "", address: to }],
        cc: [],
      },
      ...{ subject: "Re: x", text: "y", html: null, contentKey: null, attachments: [] },
    },
    small: new Map(),
  });
  return Buffer.from(sealed.parcel);
}

type Case = {
  readonly parcel?: Buffer | null;
  readonly lookup?: Lookup;
  readonly answer?: Answer | Error;
  readonly ageMs?: number;
  readonly active?: boolean;
};

/** Lets the worker deal with one mail; gives the call by which it ended, what was passed, and the log. */
async function deal(given: Case) {
  const ended = Promise.withResolvers<Call>();
  const passed: { arrived: Arrived; written: Written }[] = [];
  const logged: string[] = [];
  let claimed = false;
  const facts = {
    answered: {
      ...{
        thread_id: message,
        definition: "30-days",
        owner: alice,
        message_id_mac: null,
        controls: OPEN_CONTROLS,
      },
      ...{ ended: false, people: [alice, bob] },
    },
    correspondents: [],
  };
  const claim = {
    ...{
      id,
      key_version: 1,
      attempts: 3,
      created_at_ms: 1_000,
      account_id: account,
      address: bob,
      name: "Bob",
    },
    active: given.active ?? true,
  };
  const database: Database = {
    async call(call) {
      if (call.name === "portal_mail_facts") return facts;
      if (call.name !== "claim_portal_mail") return void ended.resolve(call);
      if (claimed) return [];
      claimed = true;
      return [claim];
    },
    callBytes: async () => {
      if (given.parcel === null) ended.resolve({ name: "none", text: "", values: [] });
      return given.parcel === undefined ? await parcelBy(bobs!, alice) : given.parcel;
    },
    isUp: async () => true,
    close: async () => {},
  };
  const attested = { id: account, publicKey: bobs!.publicKey, keyVersion: 1 };
  const found: Lookup = { kind: "found", keys: new Map([[bob, { account: attested, mailbox: attested }]]) };
  const worker = startPortalMail({
    ...{ database, primitives, noticeDomain: "sealpost.acme.example" },
    keyring: { gateway: gateway!, macKey: createSecretKey(Buffer.alloc(32)) } as never,
    directory: { find: async () => given.lookup ?? found, forget: () => {} },
    storage: { download: async () => undefined },
    organisation: () => organisation,
    passMail: async (arrived, _organisation, written) => {
      passed.push({ arrived, written });
      if (given.answer instanceof Error) throw given.answer;
      return given.answer ?? { code: 250, text: "2.0.0 Secured" };
    },
    now: () => 1_000 + (given.ageMs ?? 0),
    log: (level, event, { what } = {}) => void logged.push(`${level} ${event} ${what ?? ""}`),
  });
  const { name, values } = await ended.promise;
  await worker.stop();
  return { name, values, passed, log: logged.join("\n") };
}

test("Bob's answer is passed as his, in its thread, with a copy From our own domain for Alice", async () => {
  const { passed } = await deal({});

  expect(passed).toMatchObject([
    {
      arrived: { id, sender: { address: bob }, recipients: [{ address: alice }] },
      written: { id, answered: message, internal: false, thread: { id: message, definition: "30-days" } },
    },
  ]);
  expect(passed[0]?.written.copy.sender).toBe("portal@sealpost.acme.example");
  expect(passed[0]?.arrived.raw.toString()).toContain(`From: Bob <${bob}>`);
  expect(passed[0]?.written.copy.raw.toString()).toContain("Bob via Acme");
});

test("a parcel that Eve sealed is refused, and administrators hear of it", async () => {
  const { name, passed, log } = await deal({ parcel: await parcelBy(eves!, alice) });

  expect({ name, passed }).toEqual({ name: "refuse_portal_mail", passed: [] });
  expect(log).toContain("error a portal mail is not from the account whose it is said to be");
});

test("a key that was not attested, of another version, or of another account is refused, and logged", async () => {
  const key = { id: account, publicKey: eves!.publicKey, keyVersion: 1 };
  const keys = (changed: object): Lookup => ({
    kind: "found",
    keys: new Map([[bob, { account: { ...key, ...changed }, mailbox: null }]]),
  });
  const lookups: Lookup[] = [
    { kind: "forged", address: bob },
    keys({ keyVersion: 2 }),
    keys({ id: message }),
    { kind: "found", keys: new Map() },
  ];

  for (const lookup of lookups) {
    const { name, passed, log } = await deal({ lookup, parcel: await parcelBy(eves!, alice) });
    expect({ name, passed }).toEqual({ name: "refuse_portal_mail", passed: [] });
    expect(log).toContain("error the key of a portal mail's writer");
  }
});

test("a stranger among the recipients, and a shut account, are refused before anything is passed", async () => {
  const stranger = await deal({ parcel: await parcelBy(bobs!, "stranger@elsewhere.example") });
  const shut = await deal({ active: false });

  expect(stranger).toMatchObject({ name: "refuse_portal_mail", passed: [] });
  expect(stranger.values[1]).toContain("but not to stranger@elsewhere.example");
  expect(shut).toMatchObject({ name: "refuse_portal_mail", passed: [] });
});

test("a mail whose parcel is gone was ended by another gateway and is left alone", async () => {
  expect(await deal({ parcel: null })).toMatchObject({ name: "none", passed: [] });
});

test("what the passage refuses is told in its words, without the codes of SMTP", async () => {
  const { name, values } = await deal({
    answer: { code: 550, text: "5.7.1 Too long. The mail was not sent." },
  });

  expect({ name, values }).toEqual({
    name: "refuse_portal_mail",
    values: [id, "Too long. The mail was not sent."],
  });
});

test("what cannot be done now comes again, later each time, and is given up after two days", async () => {
  const away = new DatabaseProblem("away", "store_portal_mail", "57P01");

  for (const answer of [{ code: 451, text: "4.3.0 later" }, away, new Error("broken")]) {
    const { name, values } = await deal({ answer });
    expect({ name, seconds: values[2] }).toEqual({ name: "retry_portal_mail", seconds: 20 });
  }
  expect(await deal({ answer: away, ageMs: 47 * hourMs })).toMatchObject({ name: "retry_portal_mail" });
  expect(await deal({ answer: away, ageMs: 49 * hourMs })).toMatchObject({ name: "refuse_portal_mail" });
});
