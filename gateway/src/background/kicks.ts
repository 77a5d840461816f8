/**
 * Waking the edge functions that send notices and invitations and sweep Storage: a signed kick, at most one in flight for each,
 * and another one after it where work was left or has come meanwhile.
 */
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { KICK_HEADER, signKick } from "@sealpost/shared/crypto/signature.ts";
import type { Keyring } from "../keys/deployment.ts";
import { causeOf, type Log } from "../log.ts";
import { makeWakeable } from "./repeat.ts";

export const kickable = ["notify", "invite", "sweep"] as const;
export type Kickable = (typeof kickable)[number];

export type Kicks = {
  /** Wakes the function without waiting for it. */
  kick(name: Kickable): void;
  stop(): Promise<void>;
};

/** A function that left work behind, or failed, is not asked again before this. */
const gapMs = 1_000;

/** Longer than a function may take on hosted Supabase (150 s for the answer). */
const kickMs = 150_000;

export function makeKicks(ports: {
  readonly functionsUrl: string;
  readonly anonKey: string;
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly log: Log;
}): Kicks {
  const cut = new AbortController();
  const complaints = new Map<Kickable, string>();

  const complain = (name: Kickable, what: string) => {
    if (complaints.get(name) !== what) ports.log("warn", "a function could not be woken", { name, what });
    complaints.set(name, what);
  };

  /** True where it left work behind. */
  const call = async (name: Kickable): Promise<boolean> => {
    const kick = await signKick(ports.primitives, ports.keyring.signing, { name, atMs: ports.now() });
    const response = await ports.fetch(`${ports.functionsUrl}/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", apikey: ports.anonKey, [KICK_HEADER]: kick },
      body: "{}",
      redirect: "error",
      signal: AbortSignal.any([cut.signal, AbortSignal.timeout(kickMs)]),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      complain(name, String(response.status));
      return false;
    }
    complaints.delete(name);
    return typeof answer === "object" && answer !== null && "left" in answer && Number(answer.left) > 0;
  };

  const functions = new Map(
    kickable.map((name) => {
      const wakeable = makeWakeable(async () => {
        try {
          if (await call(name)) wakeable.wake();
        } catch (error) {
          if (!cut.signal.aborted) complain(name, causeOf(error));
        }
      }, gapMs);
      return [name, wakeable] as const;
    }),
  );

  return {
    kick: (name) => functions.get(name)?.wake(),
    async stop() {
      cut.abort();
      await Promise.all([...functions.values()].map((wakeable) => wakeable.stop()));
    },
  };
}
