/**
 * The shapes that carry private keys, and the parcels that are sealed to and from their owners, for the tampering trials.
 */
import {
  openAccountKey,
  openMailboxKey,
  sealAccountKey,
  sealMailboxKey,
  unwrapAccountKey,
  wrapAccountKey,
} from "../account-keys.ts";
import { openParcel, sealParcel } from "../parcel.ts";
import type { Primitives } from "../primitives.ts";
import { bareOf, messageKeys, pairOf } from "./frozen.ts";
import * as sample from "./sample.ts";
import { inPlaces, type Opening, type SealedShape } from "./sealed-shape.ts";

export async function accountShapes(sealer: Primitives, opener: Primitives): Promise<readonly SealedShape[]> {
  const owner = sample.BOB;
  const bare = bareOf("account");
  const { headerKey: secret, contentKey: otherSecret } = messageKeys();
  const places = {
    "another account": { ...owner, id: sample.OTHER },
    "another address": { ...owner, address: "eve@example.org" },
    "another key version": { ...owner, keyVersion: 2 },
  };
  const shapes: SealedShape[] = [
    {
      name: "account key under a password",
      sealed: await wrapAccountKey(sealer, secret, { owner, bare }),
      open: (wrapped) => unwrapAccountKey(opener, secret, { owner, wrapped }),
      elsewhere: {
        ...inPlaces(
          places,
          (other): Opening =>
            (wrapped) =>
              unwrapAccountKey(opener, secret, { owner: other, wrapped }),
        ),
        "another password": (wrapped) => unwrapAccountKey(opener, otherSecret, { owner, wrapped }),
      },
    },
  ];
  const roles = { invite: "recovery", recovery: "invite" } as const;
  for (const role of ["invite", "recovery"] as const) {
    const keyPair = await pairOf(opener, role);
    const otherPair = await pairOf(opener, roles[role]);
    shapes.push({
      name: `account key for ${role}`,
      sealed: await sealAccountKey(sealer, { role, publicKey: keyPair.publicKey }, { owner, bare }),
      open: (sealed) => openAccountKey(opener, { role, keyPair }, { owner, sealed }),
      elsewhere: {
        ...inPlaces(
          places,
          (other): Opening =>
            (sealed) =>
              openAccountKey(opener, { role, keyPair }, { owner: other, sealed }),
        ),
        "another role": (sealed) => openAccountKey(opener, { role: roles[role], keyPair }, { owner, sealed }),
        "another keeper": (sealed) => openAccountKey(opener, { role, keyPair: otherPair }, { owner, sealed }),
      },
    });
  }
  return shapes;
}

export async function mailboxShape(sealer: Primitives, opener: Primitives): Promise<SealedShape> {
  const account = await pairOf(opener, "account");
  const attestedPublicKey = bareOf("mailbox").publicKey;
  const member = { mailbox: sample.BOBS_MAILBOX, accountId: sample.BOB.id };
  const opening =
    (changed: Partial<Parameters<typeof openMailboxKey>[2]>, to = account): Opening =>
    (sealed) =>
      openMailboxKey(opener, to, { ...member, attestedPublicKey, sealed, ...changed });
  return {
    name: "mailbox key",
    sealed: await sealMailboxKey(sealer, account.publicKey, { ...member, bare: bareOf("mailbox") }),
    open: opening({}),
    elsewhere: {
      "another mailbox": opening({ mailbox: { ...member.mailbox, id: sample.OTHER } }),
      "another address": opening({ mailbox: { ...member.mailbox, address: "eve@example.org" } }),
      "another key version": opening({ mailbox: { ...member.mailbox, keyVersion: 2 } }),
      "another member": opening({ accountId: sample.OTHER }),
      "another account's key": opening({}, await pairOf(opener, "gateway")),
      "another attested key": opening({ attestedPublicKey: bareOf("gateway").publicKey }),
    },
  };
}

export async function parcelShapes(sealer: Primitives, opener: Primitives): Promise<readonly SealedShape[]> {
  const to = await pairOf(opener, "gateway");
  const [account, other] = [await pairOf(opener, "account"), await pairOf(opener, "mailbox")];
  const relay = { role: "relay-job", ids: [sample.OTHER] } as const;
  const portal = { role: "portal-mail", ids: [sample.BOB.id, sample.OTHER] } as const;
  const { publicKey } = to;
  const bytes = sample.RAW_MAIL;
  const from = account.publicKey;
  const author = await pairOf(sealer, "account");
  return [
    {
      name: "relay job",
      sealed: await sealParcel(sealer, { to: publicKey, place: relay, bytes }),
      open: (sealed) => openParcel(opener, { to, place: relay, sealed }),
      elsewhere: {
        "another job": (sealed) =>
          openParcel(opener, { to, place: { ...relay, ids: [sample.BOB.id] }, sealed }),
        "portal mail": (sealed) =>
          openParcel(opener, { to, place: { ...relay, role: "portal-mail" }, sealed }),
        "an author's": (sealed) => openParcel(opener, { to, from, place: relay, sealed }),
        "another gateway": (sealed) => openParcel(opener, { to: other, place: relay, sealed }),
      },
    },
    {
      name: "portal mail",
      sealed: await sealParcel(sealer, { to: publicKey, from: author, place: portal, bytes }),
      open: (sealed) => openParcel(opener, { to, from, place: portal, sealed }),
      elsewhere: {
        "another author": (sealed) =>
          openParcel(opener, { to, from: other.publicKey, place: portal, sealed }),
        "no author": (sealed) => openParcel(opener, { to, place: portal, sealed }),
        "another draft": (sealed) => openParcel(opener, { to, from, place: { ...portal, ids: [] }, sealed }),
      },
    },
  ];
}
