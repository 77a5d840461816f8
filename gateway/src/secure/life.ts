/**
 * How long a message can be read: what the sender or the definition says, within what the organisation allows.
 */
import type { Definition } from "@sealpost/shared/policy/definition.ts";

export type Life =
  /** Milliseconds since 1970; null for never. `latestExpiryMs` is signed: nobody can extend beyond it. */
  | { kind: "life"; expiresAtMs: number | null; latestExpiryMs: number | null }
  /** The sender asked for more than the organisation allows. */
  | { kind: "too-long"; tellSender: string };

export function lifeOf(
  asked: { readonly expiresAfterMs: number | null; readonly definition: Definition },
  maximumLifeMs: number | null,
  createdAtMs: number,
): Life {
  const { expiresAfterMs, definition } = asked;
  if (maximumLifeMs === null) {
    const expiresAtMs = expiresAfterMs === null ? null : createdAtMs + expiresAfterMs;
    return { kind: "life", expiresAtMs, latestExpiryMs: null };
  }
  const senderChose = expiresAfterMs !== definition.expiresAfterMs;
  if (expiresAfterMs !== null && expiresAfterMs > maximumLifeMs && senderChose) {
    return { kind: "too-long", tellSender: tooLong(maximumLifeMs) };
  }
  const lifeMs = Math.min(expiresAfterMs ?? maximumLifeMs, maximumLifeMs);
  return { kind: "life", expiresAtMs: createdAtMs + lifeMs, latestExpiryMs: createdAtMs + maximumLifeMs };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function tooLong(maximumMs: number): string {
  const longest =
    maximumMs >= dayMs ? `${Math.floor(maximumMs / dayMs)}d` : `${Math.floor(maximumMs / hourMs)}h`;
  return `The secure tag asks for a longer life than your organisation allows. Ask for ${longest} at most. The mail was not sent.`;
}
