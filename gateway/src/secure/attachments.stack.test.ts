import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { deliveriesOf, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { readNewest } from "../testing/reader.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess(stack);
});
afterAll(async () => {
  await gateway.stop();
});

test("a large attachment travels through Storage, and Bob gets it whole", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const mail = { from: ann, to: bob, subject: "[secure] Scan", text: "x" };
  const content = Buffer.alloc(1_500_000, "sealpost ");

  const answer = await send(gateway.port, { ...mail, attachments: [{ filename: "scan.tif", content }] });

  expect(answer.code).toBe(250);
  const message = await readNewest(stack, bob);
  expect(message.attachments).toMatchObject([{ part: 1, size: content.length }]);
  expect(await deliveriesOf(superuser, ann)).toHaveLength(2);
});

test("attachments beyond the limits are refused with a sentence", async () => {
  const mail = { from: insider("ann"), to: outsider("bob"), subject: "[secure] Scan", text: "x" };

  const answer = await send(gateway.port, {
    ...mail,
    attachments: [{ filename: "a", content: Buffer.alloc(25_000_001) }],
  });

  expect(answer).toMatchObject({ code: 552, text: expect.stringContaining("25 MB") });
});
