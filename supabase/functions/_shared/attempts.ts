/**
 * Counting of sign-in attempts, before each is made, for addresses that exist and that do not alike. The database sees keyed
 * hashes of address and network only.
 */
import { toB64 } from "@sealpost/shared/bytes.ts";
import { context } from "@sealpost/shared/crypto/context.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import type { OpenedSession } from "./auth-sessions.ts";
import type { Backend } from "./backend.ts";

/** Who tries: a normalised address, from a network (see network.ts). */
export interface Attempt {
  readonly address: string;
  readonly network: string;
}

export interface Attempts {
  /** Counts an attempt. Seconds of a lock-out, 0 where it may go on. */
  begin(attempt: Attempt): Promise<number>;
  /** Trusts the session of a right password; false where the account is shut or its temporary password too old. */
  succeed(attempt: Attempt, opened: OpenedSession): Promise<boolean>;
}

export function countedAttempts(ports: {
  readonly backend: Backend;
  readonly primitives: Primitives;
  readonly attemptsKey: Uint8Array;
}): Attempts {
  const { backend, primitives, attemptsKey } = ports;
  const mac = async (scope: string, value: string) =>
    toB64(await primitives.hmacSha256(attemptsKey, context(`attempt-${scope}`, value)));
  const macs = async ({ address, network }: Attempt) => ({
    p_address_mac: await mac("address", address),
    p_network_mac: await mac("network", network),
  });
  return {
    begin: async (attempt) => await backend.call<number>("begin_sign_in", await macs(attempt)),
    succeed: async (attempt, { sessionId, accountId }) =>
      await backend.call<boolean>("finish_sign_in", {
        ...(await macs(attempt)),
        p_session: sessionId,
        p_account: accountId,
      }),
  };
}
