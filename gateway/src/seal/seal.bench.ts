/**
 * What sealing costs the gateway, in CPU: `npx node gateway/src/seal/seal.bench.ts`.
 *
 * Medians of repeated runs; each message has its own keys, each recipient a key of his own, as in life.
 */
import { sealAttachment } from "@sealpost/shared/crypto/attachment.ts";
import { type MessageToSeal, sealMessage } from "@sealpost/shared/crypto/message.ts";
import { makeMessageKeys, sealMessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { nativePrimitives } from "./native.ts";

const RUNS = 15;
const RECIPIENTS = 100;
const TEXT = "All work and no play makes Jack a dull boy. ".repeat(115);
const WHO = { name: "", address: "ann@acme.example" };

await measure("native", nativePrimitives());
await measure("webcrypto", webCryptoPrimitives(globalThis.crypto));

async function measure(name: string, primitives: Primitives): Promise<void> {
  const signingKey = await primitives.importSigningKey(await primitives.generateBareKey());
  if (signingKey === undefined) throw new Error("a fresh signing key is not accepted");
  const mailboxes = await Promise.all(Array.from({ length: RECIPIENTS }, () => makeMailbox(primitives)));
  const facts = {
    deploymentId: crypto.randomUUID(),
    ownerAccountId: crypto.randomUUID(),
    threadId: crypto.randomUUID(),
    createdAtMs: 1_700_000_000_000,
    latestExpiryMs: null,
    controls: OPEN_CONTROLS,
  };
  const message = (count: number): MessageToSeal => ({
    facts,
    keys: makeMessageKeys(primitives, crypto.randomUUID()),
    header: { v: 1, subject: "Minutes", from: WHO, to: [WHO], cc: [], date: "", attachmentCount: 0 },
    body: { v: 1, text: TEXT, html: null, attachments: [] },
    attachments: [],
    mailboxes: mailboxes.slice(0, count),
  });
  await report(`${name}: message of 5 KB, 1 recipient`, 100, () =>
    sealMessage(primitives, signingKey, message(1)),
  );
  const keys = makeMessageKeys(primitives, crypto.randomUUID());
  await report(`${name}: one further recipient`, 100, (at) => {
    const mailbox = mailboxes[at % RECIPIENTS];
    if (mailbox === undefined) throw new Error("no mailbox");
    return sealMessageKeys(primitives, keys, mailbox);
  });
  const large = new Uint8Array(5_000_000).map((_, at) => (at * 2_654_435_761) >>> 24);
  await report(`${name}: attachment of 5 MB`, 2, () =>
    sealAttachment(primitives, keys, { part: 1, bytes: large }),
  );
}

async function makeMailbox(primitives: Primitives) {
  const { publicKey } = await primitives.generateBareKey();
  return { id: crypto.randomUUID(), publicKey, keyVersion: 1 };
}

async function report(what: string, count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  const milliseconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = process.cpuUsage();
    for (let at = 0; at < count; at++) await work(at);
    const { user, system } = process.cpuUsage(start);
    milliseconds.push((user + system) / 1_000 / count);
  }
  milliseconds.sort((a, b) => a - b);
  const median = milliseconds[RUNS >> 1] ?? 0;
  const least = milliseconds[0] ?? 0;
  process.stdout.write(`${what.padEnd(46)} ${median.toFixed(3)} ms CPU (least ${least.toFixed(3)})\n`);
}
