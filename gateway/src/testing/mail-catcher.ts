/**
 * The stack's mail catcher, read by its REST API.
 */
import type { TestStack } from "./stack.ts";

export type CaughtMail = {
  readonly subject: string;
  readonly text: string;
  readonly envelope: { readonly to: readonly { readonly address: string }[] };
};

/** Our own letters to a sender, oldest first. */
export async function lettersTo(
  stack: TestStack,
  address: string,
): Promise<(CaughtMail & { readonly headers: Readonly<Record<string, unknown>> })[]> {
  const response = await fetch(`${stack.mailWebUrl}/api/email`);
  const mails = (await response.json()) as Awaited<ReturnType<typeof lettersTo>>;
  return mails.filter(
    ({ envelope, headers }) =>
      envelope.to.some((to) => to.address === address) && headers["auto-submitted"] === "auto-replied",
  );
}

/** Mails whose envelope names the address, without Sealpost's own notices. */
export async function caughtFor(stack: TestStack, address: string): Promise<CaughtMail[]> {
  const response = await fetch(`${stack.mailWebUrl}/api/email`);
  const mails = (await response.json()) as (CaughtMail & { from?: readonly { address: string }[] })[];
  const notices = `@${stack.organisation.noticeDomain}`;
  return mails.filter(
    ({ envelope, from }) =>
      envelope.to.some((to) => to.address === address) &&
      !from?.some((person) => person.address.endsWith(notices)),
  );
}

/** What the next hop took for an address, as it came: envelope and source, oldest first; without Sealpost's own notices. */
export async function takenFor(
  stack: TestStack,
  address: string,
): Promise<{ readonly from: string; readonly source: Buffer }[]> {
  type Listed = CaughtMail & { readonly id: string; readonly envelope: { from: { address: string } } };
  const response = await fetch(`${stack.mailWebUrl}/api/email`);
  const mails = (await response.json()) as Listed[];
  const { noticeDomain } = stack.organisation;
  const isNotice = (from: string) => from.endsWith(`@${noticeDomain}`) && from !== `portal@${noticeDomain}`;
  const own = mails.filter(
    ({ envelope }) => envelope.to.some((to) => to.address === address) && !isNotice(envelope.from.address),
  );
  return await Promise.all(
    own.map(async ({ id, envelope }) => {
      const raw = await fetch(`${stack.mailWebUrl}/api/email/${id}/source`);
      return { from: envelope.from.address, source: Buffer.from(await raw.arrayBuffer()) };
    }),
  );
}
