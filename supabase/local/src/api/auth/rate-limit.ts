/**
 * How often one caller may try, in GoTrue's shape (429).
 *
 * People are counted by their own address. Behind an edge function that is the address in `Sb-Forwarded-For`, believed
 * only from who holds the service role key. Loopback is generous, for tests and the demo.
 */
import { isIP } from "node:net";
import { authError } from "../http/answers.ts";

const windowMs = 5 * 60_000;
const limits = { person: 150, loopback: 5000 } as const;
const mostCallers = 10_000;

export type RateLimit = { refusalOf(caller: string): Response | null };

/** Counts in windows of five minutes, forgetting the oldest callers beyond 10,000. */
export function makeRateLimit(now: () => number): RateLimit {
  const callers = new Map<string, { since: number; count: number }>();
  return {
    refusalOf(caller) {
      const known = callers.get(caller);
      const current =
        known !== undefined && now() - known.since < windowMs ? known : { since: now(), count: 0 };
      current.count += 1;
      callers.delete(caller);
      callers.set(caller, current);
      for (const oldest of callers.keys()) {
        if (callers.size <= mostCallers) break;
        callers.delete(oldest);
      }
      const limit = isLoopback(caller) ? limits.loopback : limits.person;
      return current.count > limit
        ? authError(429, "over_request_rate_limit", "Request rate limit reached")
        : null;
    },
  };
}

/** Whom to count a request for. */
export function callerOf(request: Request, peer: string, isService: boolean): string {
  const forwarded = request.headers.get("sb-forwarded-for")?.trim() ?? "";
  return isService && isIP(forwarded) !== 0 ? forwarded : peer;
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}
