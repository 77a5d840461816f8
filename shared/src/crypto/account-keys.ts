/**
 * How private keys travel: an account's under its owner's password, or sealed to the invite or recovery key; a mailbox's sealed to
 * each member's account. What is sealed is the bare key (scalar and public key), bound to its owner; opening gives an unreadable
 * pair, checked to belong to the attested public key.
 */
import { type Bytes, concatBytes, equalBytes } from "../bytes.ts";
import { PUBLIC_KEY_BYTES, SCALAR_BYTES } from "./bare-key.ts";
import { context, unversioned, versioned } from "./context.ts";
import { NONCE_BYTES } from "./message-keys.ts";
import { forged, malformed, type Opened, opened } from "./opened.ts";
import type { BareKey, KeyPair, Primitives } from "./primitives.ts";

/** Whose key it is. `address` is normalised. */
export interface KeyOwner {
  readonly id: string;
  readonly address: string;
  readonly keyVersion: number;
}

/** Wraps an account's key under the secret that its password gives: 0x01, nonce (12), AES-256-GCM. */
export async function wrapAccountKey(
  primitives: Primitives,
  wrapSecret: Uint8Array,
  account: { readonly owner: KeyOwner; readonly bare: BareKey },
): Promise<Bytes> {
  const nonce = primitives.randomBytes(NONCE_BYTES);
  const aead = await primitives.importAead(wrapSecret);
  const sealed = await aead.seal(nonce, placeOf("account-wrap", account.owner), plainOf(account.bare));
  return versioned(nonce, sealed);
}

/** The opposite. Forged also where the password was another one. Lay a key open only to seal it anew at once. */
export async function unwrapAccountKey(
  primitives: Primitives,
  wrapSecret: Uint8Array,
  account: { readonly owner: KeyOwner; readonly wrapped: Uint8Array },
): Promise<Opened<BareKey>> {
  const blob = unversioned(account.wrapped, "account key");
  if (blob.kind !== "opened") return blob;
  if (blob.value.length < NONCE_BYTES) return malformed("account key");
  const aead = await primitives.importAead(wrapSecret);
  const nonce = blob.value.subarray(0, NONCE_BYTES);
  const sealed = blob.value.subarray(NONCE_BYTES);
  const plain = await aead.open(nonce, placeOf("account-wrap", account.owner), sealed);
  return plain === undefined ? forged("account key") : bareOf(plain, "account key");
}

/** Who may open an account's key without its password: the invite key until activation, the recovery key as escrow. */
export type Keeper = "invite" | "recovery";

/** Seals an account's key to a keeper: 0x01, encapsulation (65), ciphertext. */
export async function sealAccountKey(
  primitives: Primitives,
  keeper: { readonly role: Keeper; readonly publicKey: Uint8Array },
  account: { readonly owner: KeyOwner; readonly bare: BareKey },
): Promise<Bytes> {
  const place = placeOf(`account-${keeper.role}`, account.owner);
  return await sealBare(primitives, keeper.publicKey, { place, bare: account.bare });
}

export async function openAccountKey(
  primitives: Primitives,
  keeper: { readonly role: Keeper; readonly keyPair: KeyPair },
  account: { readonly owner: KeyOwner; readonly sealed: Uint8Array },
): Promise<Opened<BareKey>> {
  const place = placeOf(`account-${keeper.role}`, account.owner);
  return await openBare(primitives, keeper.keyPair, { place, sealed: account.sealed, what: "account key" });
}

/** Which mailbox's key for which member. */
export interface Membership {
  readonly mailbox: KeyOwner;
  readonly accountId: string;
}

/** Seals a mailbox's key to a member's (attested) account key: `mailbox_members.sealed_key`. */
export async function sealMailboxKey(
  primitives: Primitives,
  accountPublicKey: Uint8Array,
  member: Membership & { readonly bare: BareKey },
): Promise<Bytes> {
  const place = placeOf("mailbox-key", member.mailbox, member.accountId);
  return await sealBare(primitives, accountPublicKey, { place, bare: member.bare });
}

/** A mailbox's key as its member uses it: unreadable, and forged unless it belongs to the attested public key. */
export async function openMailboxKey(
  primitives: Primitives,
  account: KeyPair,
  member: Membership & { readonly sealed: Uint8Array; readonly attestedPublicKey: Uint8Array },
): Promise<Opened<KeyPair>> {
  const place = placeOf("mailbox-key", member.mailbox, member.accountId);
  const bare = await openBare(primitives, account, { place, sealed: member.sealed, what: "mailbox key" });
  if (bare.kind !== "opened") return bare;
  return await importAttested(primitives, bare.value, member.attestedPublicKey);
}

/** The unreadable pair of a bare key, where its private half belongs to the public key that was attested. */
export async function importAttested(
  primitives: Primitives,
  bare: BareKey,
  attestedPublicKey: Uint8Array,
): Promise<Opened<KeyPair>> {
  if (!equalBytes(bare.publicKey, attestedPublicKey)) return forged("public key");
  const pair = await primitives.importKeyPair(bare);
  return pair === undefined ? forged("public key") : opened(pair);
}

async function sealBare(
  primitives: Primitives,
  to: Uint8Array,
  sealing: { readonly place: Bytes; readonly bare: BareKey },
): Promise<Bytes> {
  const { place, bare } = sealing;
  const plains = [{ aad: place, plain: plainOf(bare) }];
  const { enc, seals } = await primitives.hpkeSeal({ to, info: place, plains });
  return versioned(enc, ...seals);
}

async function openBare(
  primitives: Primitives,
  to: KeyPair,
  opening: { readonly place: Bytes; readonly sealed: Uint8Array; readonly what: string },
): Promise<Opened<BareKey>> {
  const { place, what } = opening;
  const blob = unversioned(opening.sealed, what);
  if (blob.kind !== "opened") return blob;
  if (blob.value.length < PUBLIC_KEY_BYTES) return malformed(what);
  const enc = blob.value.subarray(0, PUBLIC_KEY_BYTES);
  const seals = [{ aad: place, sealed: blob.value.subarray(PUBLIC_KEY_BYTES) }];
  const plains = await primitives.hpkeOpen({ to, enc, info: place, seals });
  return plains?.[0] === undefined ? forged(what) : bareOf(plains[0], what);
}

function placeOf(label: string, owner: KeyOwner, ...more: readonly string[]): Bytes {
  return context(label, owner.id, owner.address, owner.keyVersion, ...more);
}

function plainOf(bare: BareKey): Bytes {
  return concatBytes(bare.scalar, bare.publicKey);
}

function bareOf(plain: Bytes, what: string): Opened<BareKey> {
  if (plain.length !== SCALAR_BYTES + PUBLIC_KEY_BYTES) return malformed(what);
  return opened({ scalar: plain.slice(0, SCALAR_BYTES), publicKey: plain.slice(SCALAR_BYTES) });
}
