/**
 * Sealing and opening portal mail: a parcel to the gateway in HPKE's auth mode, which tells who wrote it, and a copy for the writer
 * alone, out of which a refused mail can be mended.
 *
 * Inside the parcel: length of the JSON (4 bytes, big endian), the JSON, then the small attachments one after the other.
 */
import { type Bytes, concatBytes, fromB64 } from "../bytes.ts";
import { malformed, type Opened, opened } from "../crypto/opened.ts";
import { openParcel, sealParcel } from "../crypto/parcel.ts";
import type { KeyPair, Primitives } from "../crypto/primitives.ts";
import { decodePortalMail, encodePortalMail, type PortalMail } from "./portal-mail.ts";

/** Whoever writes, with the key pair of the account (on the device) or its attested public key (in the gateway). */
type Writer = { readonly id: string; readonly keyVersion: number };

const LENGTH_BYTES = 4;

export interface SealedPortalMail {
  readonly parcel: Bytes;
  readonly ownCopy: Bytes;
  /** Every object that the mail names, for `send_portal_mail`. */
  readonly objects: string[];
}

/** Seals a mail under its id, which the device made. `small` holds the bytes of what is not uploaded, by part. */
export async function sealPortalMail(
  primitives: Primitives,
  sealing: {
    readonly gatewayPublicKey: Uint8Array;
    readonly account: Writer & { readonly keyPair: KeyPair };
    readonly id: string;
    readonly mail: PortalMail;
    readonly small: ReadonlyMap<number, Uint8Array>;
  },
): Promise<SealedPortalMail> {
  const { account, id, mail, small } = sealing;
  const json = encodePortalMail(mail);
  const inside = mail.attachments.filter(({ uploaded }) => uploaded === null);
  const files = inside.map(({ part, size }) => {
    const bytes = small.get(part);
    if (bytes?.length !== size) throw new Error("the bytes of an attachment are not there");
    return bytes;
  });
  const from = account.keyPair;
  return {
    parcel: await sealParcel(primitives, {
      to: sealing.gatewayPublicKey,
      from,
      place: placeOf(id, account),
      bytes: concatBytes(lengthOf(json), json, ...files),
    }),
    ownCopy: await sealParcel(primitives, {
      to: from.publicKey,
      from,
      place: ownPlaceOf(id, account),
      bytes: json,
    }),
    objects: mail.attachments.flatMap(({ uploaded }) => uploaded?.objects ?? []),
  };
}

export interface OpenedPortalMail {
  readonly mail: PortalMail;
  /** Bytes of the attachments inside, by part. */
  readonly small: ReadonlyMap<number, Bytes>;
}

/** Opens a parcel that the owner of the account's public key sealed for this very id; everything else is forged. */
export async function openPortalMail(
  primitives: Primitives,
  opening: {
    readonly gateway: KeyPair;
    readonly account: Writer & { readonly publicKey: Uint8Array };
    readonly id: string;
    readonly parcel: Uint8Array;
  },
): Promise<Opened<OpenedPortalMail>> {
  const { gateway, account, id, parcel } = opening;
  const place = placeOf(id, account);
  const bytes = await openParcel(primitives, {
    to: gateway,
    from: account.publicKey,
    place,
    sealed: parcel,
  });
  return bytes.kind === "opened" ? unpack(bytes.value) : bytes;
}

/** Opens the writer's own copy. */
export async function openOwnCopy(
  primitives: Primitives,
  opening: {
    readonly account: Writer & { readonly keyPair: KeyPair };
    readonly id: string;
    readonly ownCopy: Uint8Array;
  },
): Promise<Opened<PortalMail>> {
  const { account, id, ownCopy } = opening;
  const to = account.keyPair;
  const place = ownPlaceOf(id, account);
  const bytes = await openParcel(primitives, { to, from: to.publicKey, place, sealed: ownCopy });
  if (bytes.kind !== "opened") return bytes;
  const read = decodePortalMail(bytes.value);
  return read.kind === "parsed" ? opened(read.value) : malformed(read.what);
}

/** The content key of uploaded attachments, which `sealAttachment` and `openAttachment` take; undefined where there is none. */
export function uploadKeyOf(
  id: string,
  { contentKey }: Pick<PortalMail, "contentKey">,
): { messageId: string; contentKey: Bytes } | undefined {
  const key = contentKey === null ? undefined : fromB64(contentKey);
  return key === undefined ? undefined : { messageId: id, contentKey: key };
}

function unpack(bytes: Bytes): Opened<OpenedPortalMail> {
  if (bytes.length < LENGTH_BYTES) return malformed("portal mail");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const read = decodePortalMail(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  if (read.kind === "malformed") return malformed(read.what);
  const small = new Map<number, Bytes>();
  let at = LENGTH_BYTES + length;
  for (const { part, size, uploaded } of read.value.attachments) {
    if (uploaded !== null) continue;
    small.set(part, bytes.subarray(at, at + size));
    at += size;
  }
  return at === bytes.length
    ? opened({ mail: read.value, small })
    : malformed("portal mail: attachments inside");
}

function lengthOf(json: Uint8Array): Bytes {
  const bytes = new Uint8Array(LENGTH_BYTES);
  new DataView(bytes.buffer).setUint32(0, json.length);
  return bytes;
}

function placeOf(id: string, account: Writer) {
  return { role: "portal-mail", ids: [id, account.id, account.keyVersion] } as const;
}

function ownPlaceOf(id: string, account: Writer) {
  return { role: "portal-mail", ids: [id, account.id, account.keyVersion, "own-copy"] } as const;
}
