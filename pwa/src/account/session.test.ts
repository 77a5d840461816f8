import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import type { SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { passwordSecrets } from "@sealpost/shared/password/password.ts";
import { beforeAll, expect, test } from "vitest";
import { DEPLOYMENT_ID, makePerson, makeSigningKey, type Person } from "../../test/deployment.ts";
import { type Backend, BackendFailure, type PasswordAnswer, type SignInAnswer } from "../backend/backend.ts";
import { createSession } from "./session.ts";
import { createVault } from "./vault.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const TEMPORARY = "7K2M-9QXT-4HVB";
const OWN = "harbour violin marmalade";
let signing: SigningKey;
let person: Person;

beforeAll(async () => {
  signing = await makeSigningKey();
  person = await makePerson(signing, {
    name: "Bob",
    address: "bob@example.org",
    password: TEMPORARY,
    status: "invited",
  });
});

interface Situation {
  remembered?: boolean;
  signIn?: SignInAnswer | BackendFailure;
  password?: PasswordAnswer;
  account?: Partial<Person["account"]> | null;
  mailbox?: Partial<Person["mailbox"]>;
}

/** A portal of Bob's in a situation; the server's side is a copy of his rows. */
function portal(situation: Situation = {}) {
  const account = { ...person.account, ...situation.account };
  const wiped: string[] = [];
  let heardEnd: () => void = () => undefined;
  let secret = person.signInSecret;
  const backend = {
    hasSession: async () => true,
    signIn: async (_address: string, given: string): Promise<SignInAnswer> => {
      if (situation.signIn instanceof BackendFailure) throw situation.signIn;
      return situation.signIn ?? (given === secret ? { kind: "signed-in" } : { kind: "refused" });
    },
    changePassword: async (change): Promise<PasswordAnswer> => {
      if (situation.password !== undefined) return situation.password;
      if (change.currentSecret !== secret) return { kind: "refused" };
      secret = change.newSecret;
      account.wrapped_key = change.wrappedKey;
      account.status = "active";
      return { kind: "changed" };
    },
    signOut: async () => void wiped.push("session"),
    onSignedOut: (heard: () => void) => {
      heardEnd = heard;
      return () => undefined;
    },
    account: async () => (situation.account === null ? null : { ...account }),
    mailboxes: async () => [{ ...person.mailbox, ...situation.mailbox }],
  } as Partial<Backend> as Backend;
  const vault = createVault({
    primitives,
    deploymentId: DEPLOYMENT_ID,
    signingPublicKey: signing.publicKey,
    derive: (password, address) =>
      passwordSecrets(primitives, { password, address, deploymentId: DEPLOYMENT_ID }),
  });
  const session = createSession({
    backend: async () => backend,
    vault: async () => vault,
    remembersSession: () => situation.remembered ?? false,
    wipe: async () => void wiped.push("device"),
  });
  return { session, wiped, endElsewhere: () => heardEnd() };
}

test("Bob signs in with his temporary password, chooses his own, and his mailbox is open", async () => {
  const { session } = portal();

  expect(await session.signIn(" Bob@Example.org", "7k2m 9qxt 4hvb")).toEqual({ kind: "done" });
  expect(session.state().kind).toBe("new-password");
  expect(await session.setPassword(OWN)).toEqual({ kind: "done" });

  const state = session.state();
  expect(state.kind === "open" && [...state.keys.mailboxes.keys()]).toEqual([person.mailbox.id]);
});

test("with his own password he goes straight to his mail", async () => {
  const { session } = portal();
  await session.signIn("bob@example.org", TEMPORARY);
  await session.setPassword(OWN);
  await session.signOut();

  expect(await session.signIn("bob@example.org", OWN)).toEqual({ kind: "done" });
  expect(session.state().kind).toBe("open");
  expect(await session.signIn("bob@example.org", TEMPORARY)).toEqual({ kind: "refused" });
});

test("a wrong password opens nothing", async () => {
  const { session } = portal();

  expect(await session.signIn("bob@example.org", "7K2M-9QXT-4HVC")).toEqual({ kind: "refused" });
  expect(await session.signIn("not an address", TEMPORARY)).toEqual({ kind: "refused" });
});

test("too many tries are told in minutes, rounded up", async () => {
  const { session } = portal({ signIn: { kind: "locked", seconds: 61 } });

  expect(await session.signIn("bob@example.org", TEMPORARY)).toEqual({ kind: "locked-out", minutes: 2 });
});

test("an expired temporary password is told, at sign-in and at the change", async () => {
  const atSignIn = portal({ account: null });
  const atChange = portal({ password: { kind: "expired" } });

  expect(await atSignIn.session.signIn("bob@example.org", TEMPORARY)).toEqual({ kind: "expired" });
  expect(atSignIn.wiped).toEqual(["session"]);
  await atChange.session.signIn("bob@example.org", TEMPORARY);
  expect(await atChange.session.setPassword(OWN)).toEqual({ kind: "expired" });
  expect(atChange.session.state().kind).toBe("new-password");
});

test("without a network, sign-in says so and can be tried again", async () => {
  const { session } = portal({ signIn: new BackendFailure("offline") });

  expect(await session.signIn("bob@example.org", TEMPORARY)).toEqual({ kind: "offline" });
});

test("after a reload the session is there and the key is not: only the password unlocks", async () => {
  const { session } = portal({ remembered: true, account: { status: "active" } });
  await session.start();

  expect(session.state()).toMatchObject({ kind: "locked", account: { address: "bob@example.org" } });
  expect(await session.unlock(OWN)).toEqual({ kind: "wrong" });
  expect(session.state().kind).toBe("locked");
  expect(await session.unlock(TEMPORARY)).toEqual({ kind: "done" });
  expect(session.state().kind).toBe("open");
});

test("a session that the server no longer knows ends at the sign-in", async () => {
  const { session } = portal({ remembered: true, account: null });

  await session.start();

  expect(session.state()).toEqual({ kind: "signed-out", ended: true });
});

test("signing out elsewhere ends it here", async () => {
  const { session, endElsewhere } = portal({ account: { status: "active" } });
  await session.signIn("bob@example.org", TEMPORARY);

  endElsewhere();

  expect(session.state()).toEqual({ kind: "signed-out", ended: true });
});

test("signing out forgets the session, the keys and the device's data", async () => {
  const { session, wiped } = portal({ account: { status: "active" } });
  await session.signIn("bob@example.org", TEMPORARY);

  await session.signOut();

  expect(session.state()).toEqual({ kind: "signed-out", ended: false });
  expect(wiped).toEqual(["session", "device"]);
});

test("a database writer who swaps the account's public key is noticed before anything opens", async () => {
  const eve = await makePerson(await makeSigningKey(), {
    ...{ name: "Eve", address: "bob@example.org", password: TEMPORARY, status: "active" },
  });
  const swapped = { public_key: eve.account.public_key, attestation: eve.account.attestation };
  const { session } = portal({ account: { ...swapped, status: "active" } });

  expect(await session.signIn("bob@example.org", TEMPORARY)).toEqual({ kind: "untrusted" });
  expect(session.state().kind).not.toBe("open");
});

test("so is one who swaps a mailbox's key, its address, or its version", async () => {
  const other = await makePerson(signing, {
    ...{ name: "Eve", address: "eve@example.org", password: TEMPORARY, status: "active" },
  });
  const swaps = [
    { public_key: other.mailbox.public_key },
    { public_key: other.mailbox.public_key, attestation: other.mailbox.attestation },
    { address: "eve@example.org" },
    { key_version: 2 },
    { attestation: toB64((fromB64(person.mailbox.attestation) ?? new Uint8Array()).map((byte) => byte ^ 1)) },
  ];
  for (const mailbox of swaps) {
    const { session } = portal({ account: { status: "active" }, mailbox });

    expect(await session.signIn("bob@example.org", TEMPORARY)).toEqual({ kind: "untrusted" });
  }
});
