/** Notices, with mail servers that do as told: each ends as it should, and none spoils another. */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { fromPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import { KICK_HEADER, signKick } from "@sealpost/shared/crypto/signature.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { expect, test } from "vitest";
import type { LogLine } from "../_shared/log.ts";
import type { MailOutcome } from "../_shared/outbox.ts";
import type { Delivery, OutgoingMail } from "../_shared/outgoing-mail.ts";
import { type DueNotice, makeNotify } from "./notify.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);

function notice(change: Partial<DueNotice> = {}): DueNotice {
  return {
    id: randomUUID(),
    delivery_id: randomUUID(),
    address: "bob@guest.example",
    token: randomUUID(),
    attempts: 1,
    readable: true,
    sender_address: "ruth@acme.example",
    sender_name: "Dr. Ruth Adler",
    expires_at: "2026-12-01T10:42:00+00:00",
    view_limit: null,
    organisation: "Acme Health",
    phrase: null,
    first_contact: false,
    ...change,
  };
}

/** One kick with these notices due; `deliver` is the next mail server. */
async function kick(due: readonly DueNotice[], deliver: (mail: OutgoingMail) => Promise<Delivery>) {
  const der = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "der",
  });
  const key = (await primitives.importSigningKey(fromPkcs8(der)!))!;
  const now = new Date("2026-11-24T10:42:00Z");
  const state = {
    outcomes: {} as Record<string, MailOutcome>,
    mails: [] as OutgoingMail[],
    log: [] as LogLine[],
    closed: 0,
    most: 0,
    underWay: 0,
  };
  const handle = makeNotify({
    rim: {
      function: "notify",
      primitives,
      signingPublicKey: key.publicKey,
      now: () => now,
      log: (line) => state.log.push(line),
    },
    claim: async (most) => due.slice(0, most),
    outbox: {
      async record(id, outcome) {
        state.outcomes[id] = outcome;
      },
    },
    portal: new URL("https://secure.acme.example"),
    newPostman: () => ({
      async deliver(mail) {
        state.mails.push(mail);
        state.underWay += 1;
        state.most = Math.max(state.most, state.underWay);
        return await deliver(mail).finally(() => {
          state.underWay -= 1;
        });
      },
      close() {
        state.closed += 1;
      },
    }),
  });
  const header = await signKick(primitives, key, { name: "notify", atMs: now.getTime() });
  const response = await handle(
    new Request("http://x", { method: "POST", headers: { [KICK_HEADER]: header } }),
  );
  return { ...state, answer: await response.json() };
}

const taken = async (): Promise<Delivery> => ({ kind: "taken" });

test("a notice names sender and organisation, and its Message-ID is its own however often it goes out", async () => {
  const due = notice();

  const { mails, outcomes, answer, closed } = await kick([due], taken);

  expect(mails[0]).toMatchObject({
    to: "bob@guest.example",
    fromName: "Dr. Ruth Adler via Acme Health",
    messageId: `notice-${due.id}`,
    token: due.token,
  });
  expect(outcomes[due.id]).toEqual({ kind: "sent" });
  expect([answer, closed]).toEqual([{ done: 1, left: 0 }, 1]);
});

test("a message that can no longer be read is not announced, and did not bounce", async () => {
  const due = notice({ readable: false });

  const { mails, outcomes } = await kick([due], taken);

  expect(mails).toEqual([]);
  expect(outcomes[due.id]!.kind).toBe("dropped");
});

test("one notice that cannot be sent leaves the others alone", async () => {
  const [good, refused, later, broken] = [
    notice(),
    notice({ address: "gone@guest.example" }),
    notice({ address: "busy@guest.example" }),
    notice({ address: "broken@guest.example" }),
  ];

  const { outcomes, log } = await kick([refused, later, broken, good], async (mail) => {
    if (mail.to.startsWith("gone")) return { kind: "refused", code: "550 5.1.1" };
    if (mail.to.startsWith("busy")) return { kind: "try-later", code: "451" };
    if (mail.to.startsWith("broken")) throw new Error("bob's secrets");
    return { kind: "taken" };
  });

  expect([refused, later, broken, good].map(({ id }) => outcomes[id]!.kind)).toEqual([
    "failed",
    "retry",
    "retry",
    "sent",
  ]);
  expect(JSON.stringify(log)).not.toContain("secrets");
});

test("an address that is none gets no mail", async () => {
  const due = notice({ address: "bob@guest.example\r\nbcc: eve@evil.example" });

  const { mails, outcomes } = await kick([due], taken);

  expect([mails, outcomes[due.id]!.kind]).toEqual([[], "failed"]);
});

test("a hundred due notices go twenty a kick, ten at a time, and more are said to wait", async () => {
  const due = Array.from({ length: 100 }, () => notice());

  const { mails, most, answer } = await kick(due, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return { kind: "taken" };
  });

  expect([mails.length, most, answer]).toEqual([20, 10, { done: 20, left: 1 }]);
});
