/**
 * People who write mail in tests, and what the database then holds of it.
 */
import { randomBytes } from "node:crypto";
import { createTransport } from "nodemailer";
import type Mail from "nodemailer/lib/mailer";
import { Client } from "pg";

/** An address that no other test uses. */
export function insider(name: string): string {
  return `${name}-${randomBytes(5).toString("hex")}@acme.example`;
}

export function outsider(name: string): string {
  return `${name}-${randomBytes(5).toString("hex")}@elsewhere.example`;
}

export type SmtpAnswer = { readonly code: number; readonly text: string };

/** Sends one mail and gives the answer to it, whatever it was. */
export async function send(port: number, mail: Mail.Options): Promise<SmtpAnswer> {
  const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail(mail);
    return parse(response);
  } catch (error) {
    if (error instanceof Error && "response" in error) return parse(String(error.response));
    return { code: 0, text: String(error) };
  } finally {
    transport.close();
  }
}

function parse(response: string): SmtpAnswer {
  return { code: Number(response.slice(0, 3)), text: response.slice(4) };
}

export type DeliveryState = {
  address: string;
  kind: string;
  channel: string;
  message_id: string;
  sealed: boolean;
};

/** The deliveries of everything that a sender has secured, in the order of their addresses. */
export async function deliveriesOf(databaseUrl: string, sender: string): Promise<DeliveryState[]> {
  return await ask<DeliveryState>(
    databaseUrl,
    `select d.address, d.kind::text, d.channel::text, d.message_id, d.sealed_content_key is not null as sealed
     from public.deliveries d join public.messages m on m.id = d.message_id
     where m.owner_address = $1 order by d.kind, d.address`,
    [sender],
  );
}

export async function ask<Row extends object>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Asks again until the answer satisfies; gives it. Throws after ten seconds. */
export async function eventually<T>(look: () => Promise<T>, satisfies: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const seen = await look();
    if (satisfies(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
