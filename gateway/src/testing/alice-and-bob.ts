/**
 * Alice, inside, and Bob, outside, who has got a secure message of hers: new people in each test.
 */
import { simpleParser } from "mailparser";
import { deliveriesOf, eventually, insider, outsider, send } from "./correspondence.ts";
import { takenFor } from "./mail-catcher.ts";
import type { TestStack } from "./stack.ts";

/** Somebody as a header names them. */
export const person = (address: string, name = "") => ({ name, address });

/** Alice writes to Bob, and to whom else the test wants; gives what he then may answer. */
export async function aliceWrites(
  stack: TestStack,
  port: number,
  also: { readonly to?: string[]; readonly cc?: string[] } = {},
) {
  const [alice, bob] = [insider("alice"), outsider("bob")];
  const messageId = `<${crypto.randomUUID()}@acme.example>`;
  await send(port, {
    from: `Alice Archer <${alice}>`,
    to: [`Bob Baker <${bob}>`, ...(also.to ?? [])],
    cc: also.cc ?? [],
    subject: "[secure] Plan",
    text: "What do you think?",
    messageId,
  });
  const [message] = await deliveriesOf(stack.databaseUrls.superuser, alice);
  return { alice, bob, messageId, answered: message?.message_id ?? "" };
}

/** The newest ordinary mail for an address once there is one, and how many there are. */
export async function mailFor(stack: TestStack, address: string) {
  const taken = await eventually(
    () => takenFor(stack, address),
    (mails) => mails.length > 0,
  );
  const last = taken.at(-1);
  const mail = await simpleParser(last?.source ?? Buffer.alloc(0));
  return { count: taken.length, sender: last?.from, mail };
}
