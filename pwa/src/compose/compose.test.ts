import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import {
  LARGEST_ATTACHMENT,
  PIECE_BYTES,
  type PortalMail,
} from "@sealpost/shared/portal-mail/portal-mail.ts";
import type { MessageHeader } from "@sealpost/shared/wire/header.ts";
import { createRoot } from "solid-js";
import { beforeAll, expect, test } from "vitest";
import { DEPLOYMENT_ID, makePerson, makeSigningKey } from "../../test/deployment.ts";
import { makeGateway, type PortalMailGateway } from "../../test/portal-mail-gateway.ts";
import { createVault, type OpenAccount } from "../account/vault.ts";
import { BackendFailure } from "../backend/backend.ts";
import type { PortalMailRow, SendAnswer } from "../backend/portal-mail.ts";
import { createOutbox } from "../outbox/outbox.ts";
import { createCompose } from "./compose.ts";
import { type Draft, draftAgain, newDraft, readPerson, replyDraft } from "./draft.ts";
import { createDrafts, type DraftBox } from "./drafts.ts";
import { quote } from "./quote.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const ANN = { name: "Ann", address: "ann@acme.example" };
const identity = () => ({
  id: crypto.randomUUID(),
  contentKey: Buffer.from(primitives.randomBytes(32)).toString("base64"),
  now: 1_000,
});
let bob: OpenAccount;
let eve: OpenAccount;
let gateway: PortalMailGateway;

beforeAll(async () => {
  const signing = await makeSigningKey();
  const open = async (address: string) => {
    const who = { name: "", address, password: "x", status: "active" } as const;
    const person = await makePerson(signing, who);
    const derive = () => Promise.reject(new Error("no password here"));
    const vault = createVault({
      ...{ primitives, deploymentId: DEPLOYMENT_ID, signingPublicKey: signing.publicKey, derive },
    });
    const keyPair = await primitives.importKeyPair(person.bare);
    const opened = await vault.open(person.account, keyPair!, [person.mailbox]);
    if (opened.kind !== "open") throw new Error("the mailbox does not open");
    return { person, keys: opened.account };
  };
  const opened = await open("bob@example.org");
  bob = opened.keys;
  eve = (await open("eve@example.org")).keys;
  gateway = await makeGateway(opened.person);
});

function makeBox(): DraftBox & { kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    all: async () => [...kept].map(([id, sealed]) => ({ id, sealed })),
    put: async (id, sealed) => void kept.set(id, sealed),
    remove: async (id) => void kept.delete(id),
  };
}

/** Bob's page with a draft on it, and the server's side of it. */
function pageOf(draft: Draft) {
  const server = {
    failing: null as BackendFailure | null,
    answer: null as SendAnswer | null,
    uploads: [] as string[],
    failUploadsAfter: Number.POSITIVE_INFINITY,
  };
  const box = makeBox();
  const drafts = createDrafts(bob, box);
  const handedIn: PortalMailRow[] = [];
  const online = { now: true };
  const compose = createRoot(() =>
    createCompose({
      ...{ draft, drafts, keys: bob, gatewayPublicKey: gateway.publicKey, now: () => 2_000 },
      online: () => online.now,
      onHandedIn: (row) => void handedIn.push(row),
      onSignedOut: () => undefined,
      backend: {
        sendPortalMail: async ({ id, keyVersion, parcel, ownCopy }) => {
          if (server.failing !== null) throw server.failing;
          if (server.answer !== null) return server.answer;
          const body = { p_id: id, p_key_version: keyVersion, p_parcel: parcel, p_own_copy: ownCopy };
          return gateway.answer("send_portal_mail", body) as SendAnswer;
        },
        reserveUpload: async ({ part, piece }) => {
          const name = `${part}-${piece}`;
          return { kind: "reserved", name, uploaded: server.uploads.includes(name) };
        },
        upload: async (name) => {
          if (server.uploads.length >= server.failUploadsAfter) throw new BackendFailure("offline");
          server.uploads.push(name);
        },
        dropUploads: async () => undefined,
      },
    }),
  );
  return { compose, server, box, drafts, handedIn, online };
}

const written = (more: Partial<Draft> = {}): Draft => ({
  ...newDraft(identity()),
  to: [ANN],
  text: "Hi",
  ...more,
});

test("what Bob sends opens for the gateway as his, and leaves no draft behind", async () => {
  const { compose, box, handedIn } = pageOf(written());
  compose.edit({ subject: "Plan" });

  await compose.send();

  expect(compose.status()).toEqual({ kind: "handed-in" });
  expect(handedIn).toHaveLength(1);
  await expect.poll(() => gateway.arrived.at(-1)?.mail).toMatchObject({ subject: "Plan", to: [ANN] });
  expect(box.kept.size).toBe(0);
});

test("a message to nobody, or written offline, is not handed in and stays", async () => {
  const alone = pageOf(written({ to: [] }));
  await alone.compose.send();
  expect(alone.compose.status()).toEqual({ kind: "nobody" });

  const offline = pageOf(written());
  offline.online.now = false;
  await offline.compose.send();

  expect(offline.compose.status()).toEqual({ kind: "offline" });
  expect([...alone.handedIn, ...offline.handedIn]).toEqual([]);
});

test("a message whose answer was lost can only be sent again as it was; one that the server refused can be changed", async () => {
  const { compose, server } = pageOf(written());
  server.failing = new BackendFailure("offline");
  await compose.send();
  expect(compose.status()).toEqual({ kind: "unanswered" });
  compose.edit({ text: "Something else" });
  expect(compose.draft.text).toBe("Hi");

  server.failing = new BackendFailure("failed");
  await compose.send();
  compose.edit({ text: "Something else" });

  expect(compose.draft.text).toBe("Something else");
});

test("the limit of an hour is told with the time to wait", async () => {
  const { compose, server } = pageOf(written());
  server.answer = { kind: "limited", seconds: 90 };

  await compose.send();

  expect(compose.status()).toEqual({ kind: "limited", seconds: 90 });
  expect(compose.draft.handedIn).toBe(false);
});

test("an upload that was cut off goes on where it stopped, and each file has a part of its own for ever", async () => {
  const { compose, server } = pageOf(written());
  const file = new File([new Uint8Array(2 * PIECE_BYTES)], "a.bin");
  server.failUploadsAfter = 1;
  await compose.files.add(file);
  await expect.poll(() => compose.files.uploads[1]).toEqual({ kind: "offline" });
  await compose.send();
  expect(compose.status()).toEqual({ kind: "unfinished" });

  server.failUploadsAfter = Number.POSITIVE_INFINITY;
  await compose.files.retry(1);

  expect(server.uploads).toEqual(["1-0", "1-1", "1-2"]);
  expect(compose.draft.files[0]?.content.kind).toBe("uploaded");
  await compose.files.remove(1);
  await compose.files.add(new File(["x"], "b.txt"));
  expect(compose.draft.files).toMatchObject([{ part: 2, content: { kind: "inside" } }]);
});

test("a file larger than mail servers pass on is not taken", async () => {
  const { compose } = pageOf(written());

  const taken = await compose.files.add(new File([new Uint8Array(LARGEST_ATTACHMENT + 1)], "a.bin"));

  expect(taken).toBe(false);
  expect(compose.draft.files).toEqual([]);
});

test("a draft lies sealed; Bob finds it again, Eve and a changed byte find nothing", async () => {
  const box = makeBox();
  const draft = written({ text: "A secret plan" });
  await createDrafts(bob, box).save(draft);
  const again = createDrafts(bob, box);
  const others = createDrafts(eve, box);
  await Promise.all([again.loaded, others.loaded]);

  expect(again.get(draft.id)).toEqual(draft);
  expect(others.all()).toEqual([]);
  const sealed = box.kept.get(draft.id) ?? new Uint8Array();
  expect(Buffer.from(sealed).includes("secret")).toBe(false);
  sealed[200] = (sealed[200] ?? 0) ^ 1;
  const altered = createDrafts(bob, box);
  await altered.loaded;
  expect(altered.all()).toEqual([]);
});

test("a refused mail is read from its own copy, and starts anew under another id", async () => {
  const { compose, handedIn } = pageOf(written({ text: "Refuse me" }));
  await compose.send();
  const rows = handedIn.map((row): PortalMailRow => ({ ...row, state: "refused", error: "No." }));
  const outbox = createOutbox({
    keys: bob,
    backend: { portalMail: async () => rows, withdrawPortalMail: async () => true },
    onSignedOut: () => undefined,
  });

  await outbox.refresh();
  const mail = outbox.items()[0]?.mail as PortalMail;
  const again = draftAgain(identity(), mail);

  expect(again).toMatchObject({ text: "Refuse me", to: [ANN], files: [] });
  expect(again.id).not.toBe(rows[0]?.id);
  await outbox.dismiss(rows[0]!.id);
  expect(outbox.items()).toEqual([]);
});

test("an answer names whom and what it answers, and quotes it", () => {
  const header: MessageHeader = {
    ...{ v: 1, subject: "Plan", from: ANN, to: [{ name: "", address: "Bob@Example.org" }], cc: [] },
    ...{ date: "2026-11-24T00:00:00Z", attachmentCount: 0, messageId: "<1@acme.example>" },
  };
  const quoted = quote({ name: "Ann", written: "Tue", text: "One\n\n> Two\n" });

  const draft = replyDraft(
    identity(),
    { kind: "reply-all", messageId: "m", header, quoted },
    "bob@example.org",
  );

  expect(draft).toMatchObject({ to: [ANN], subject: "Re: Plan", originalMessageId: "<1@acme.example>" });
  expect(draft.text).toBe("\n\nOn Tue, Ann wrote:\n> One\n>\n>> Two\n");
});

test("people are read as mail clients write them; what is no address is not read", () => {
  expect(readPerson("Ann Lee <ANN@acme.example>", [])).toEqual({ name: "Ann Lee", address: ANN.address });
  expect(readPerson("ann@acme.example", [ANN])).toEqual(ANN);
  expect(readPerson("ann", [ANN])).toBeNull();
});
