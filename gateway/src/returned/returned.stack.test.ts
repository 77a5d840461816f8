import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { caughtFor, lettersTo } from "../testing/mail-catcher.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess(stack, { SEALPOST_TRUSTED_NETWORKS: "none" });
});
afterAll(() => gateway.stop());

type Notice = {
  token: string;
  state: string;
  last_error: string | null;
  bounced_at: Date | null;
  receipts: number;
};

async function noticeOf(address: string): Promise<Notice | undefined> {
  const rows = await ask<Notice>(
    superuser,
    `select n.token, n.state::text, n.last_error, d.bounced_at,
       (select count(*)::integer from public.receipts r where r.delivery_id = d.id and r.kind = 'bounced') as receipts
     from public.notices n join public.deliveries d on d.id = n.delivery_id where d.address = $1`,
    [address],
  );
  return rows[0];
}

/** Ann sends Bob a secure mail, and the notice has left. Gives the address that it comes back to. */
async function notified(bob: string): Promise<string> {
  const ann = insider("ann");
  const sender = await startGatewayProcess(stack);
  await send(sender.port, { from: ann, to: bob, subject: "[secure] x", text: "x" });
  await sender.stop();
  await ask(
    superuser,
    `update public.notices n set state = 'sent' from public.deliveries d where d.id = n.delivery_id and d.address = $1`,
    [bob],
  );
  return `notices+${(await noticeOf(bob))?.token}@${stack.organisation.noticeDomain}`;
}

const bounce = (bob: string) =>
  [
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ...["", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", ""],
    ...[`Final-Recipient: rfc822; ${bob}`, "Action: failed", "Status: 5.1.1", "--b--", ""],
  ].join("\r\n");

test("a bounce from anywhere marks Bob's delivery once, and is relayed nowhere", async () => {
  const bob = outsider("bob");
  const to = await notified(bob);
  const returned = { envelope: { from: "", to }, raw: bounce(bob) };

  const answers = [await send(gateway.port, returned), await send(gateway.port, returned)];

  expect(answers.map(({ code }) => code)).toEqual([250, 250]);
  expect(await noticeOf(bob)).toMatchObject({ state: "bounced", last_error: "5.1.1", receipts: 1 });
  expect((await noticeOf(bob))?.bounced_at).toBeInstanceOf(Date);
  expect(await caughtFor(stack, to)).toEqual([]);
});

test("Bob's own answer is explained to him once a day; a machine's is dropped; Eve's is refused with the explanation", async () => {
  const bob = outsider("bob");
  const to = await notified(bob);
  const reply = { envelope: { from: bob, to }, from: bob, to, subject: "Re: x", text: "Thank you!" };
  const eve = outsider("eve");

  const machine = await send(gateway.port, { ...reply, headers: { "Auto-Submitted": "auto-replied" } });
  const first = await send(gateway.port, reply);
  const second = await send(gateway.port, reply);
  const stranger = await send(gateway.port, { ...reply, envelope: { from: eve, to }, from: eve });

  expect([machine.code, first.code, second.code, stranger.code]).toEqual([250, 250, 550, 550]);
  expect(second.text).toMatch(/^5\.7\.1 Nobody reads answers .*portal/);
  const letters = await eventually(
    () => lettersTo(stack, bob),
    (found) => found.length > 0,
  );
  expect(letters.map(({ subject }) => subject)).toEqual([
    "Your answer was not read: please answer in the portal",
  ]);
  expect(await lettersTo(stack, eve)).toEqual([]);
  expect(await noticeOf(bob)).toMatchObject({ state: "sent", receipts: 0 });
});

test("the address of no notice takes nothing, and opens no way to anybody else", async () => {
  const nobody = `notices+00000000-0000-4000-8000-000000000000@${stack.organisation.noticeDomain}`;
  const bob = outsider("bob");
  const mail = (...to: string[]) =>
    send(gateway.port, { envelope: { from: "eve@evil.example", to }, from: "eve@evil.example", text: "x" });

  expect(await mail(nobody)).toMatchObject({ code: 550, text: expect.stringMatching(/^5\.1\.1 /) });
  expect(await mail(bob)).toMatchObject({ code: 530 });
  expect(await mail(bob, nobody)).toMatchObject({ code: 550 }); // Bob was refused, the notice is unknown
  expect([await caughtFor(stack, bob), await caughtFor(stack, nobody)]).toEqual([[], []]);
});

test("a huge mail to a notice is not kept", async () => {
  const to = await notified(outsider("bob"));

  const answer = await send(gateway.port, { envelope: { from: "", to }, text: "x".repeat(2_100_000) });

  expect(answer).toMatchObject({ code: 552, text: expect.stringMatching(/^5\.3\.4 /) });
});
