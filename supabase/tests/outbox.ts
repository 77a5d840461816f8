/** The portal's outbox as people, the Storage API and the gateway use it, for the tests of it. */
import { randomBytes, randomUUID } from "node:crypto";
import { letterOf, type Person, type Session, type Town } from "./town.ts";

const parcel = () => randomBytes(200).toString("base64");

/** Hands a mail in, as a device does; gives the answer. */
export async function hand(town: Town, session: Session, id: string = randomUUID(), objects: string[] = []) {
  const rows = await town.as(session, "select public.send_portal_mail($1, 1, $2, $3, $4) as answer", [
    ...[id, parcel(), parcel(), objects],
  ]);
  return rows[0]?.answer;
}

/** Reserves a piece of an attachment. */
export async function reserve(
  town: Town,
  session: Session,
  {
    mail,
    part = 1,
    piece = 0,
    bytes = 1_000,
  }: { mail: string; part?: number; piece?: number; bytes?: number },
) {
  const rows = await town.as(session, "select public.reserve_portal_upload($1, $2, $3, $4) as answer", [
    mail,
    part,
    piece,
    bytes,
  ]);
  return rows[0]?.answer;
}

/** As the Storage API does, with the rights of the caller. */
export async function upload(town: Town, session: Session, name: string, size = 1_000) {
  await town.as(
    session,
    "insert into storage.objects (bucket_id, name, metadata) values ('attachments', $1, $2)",
    [name, { size }],
  );
}

/** What `my_portal_mail` shows. */
export async function outbox(town: Town, session: Session) {
  const rows = await town.as(session, "select public.my_portal_mail() as mail");
  return rows.map((row) => row.mail);
}

/** Claims as a gateway does. */
export async function claim(
  town: Town,
  most = 100,
): Promise<{ id: string; attempts: number; address: string }[]> {
  return (await town.gateway.query("select private.claim_portal_mail($1, 60) as claimed", [most])).rows[0]
    .claimed;
}

/** Stores a claimed mail as a gateway does, with random bytes for its message. */
export async function store(
  town: Town,
  id: string,
  from: Person,
  to: Person,
  answered: string | null = null,
) {
  const result = await town.gateway.query(
    "select private.store_portal_mail($1, $2, $3, $4, $5, $6, null) as answer",
    [...[id, answered, letterOf({ from, to: [to] }), randomBytes(80), randomBytes(200), Buffer.alloc(0)]],
  );
  return result.rows[0].answer;
}
