/**
 * What an administrator may set on a user, parsed once from the JSON of `auth.admin.createUser` and `updateUserById`.
 */
import { authError } from "../http/answers.ts";
import { longestPasswordBytes, shortestPassword } from "./password-hash.ts";
import type { Claims } from "./token.ts";

export type UserChange = {
  readonly id: string | null;
  readonly email: string | null;
  readonly password: string | null;
  readonly passwordHash: string | null;
  readonly emailConfirm: boolean;
  readonly role: string | null;
  readonly appMetadata: Claims | null;
  readonly userMetadata: Claims | null;
  /** Seconds; 0 lifts a ban; null leaves it as it is. */
  readonly banSeconds: number | null;
};

export type ChangeVerdict = { kind: "fine"; change: UserChange } | { kind: "refused"; answer: Response };

export const uuidShape = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const emailShape = /^[^\s@]+@[^\s@]+$/;
const bcryptShape = /^\$2[aby]\$\d\d\$[./A-Za-z\d]{53}$/;
const secondsOf = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 } as const;

/** Judges a request body, in GoTrue's words. */
export function judgeChange(body: Claims): ChangeVerdict {
  const change: UserChange = {
    id: text(body.id),
    email: text(body.email)?.trim().toLowerCase() ?? null,
    password: text(body.password),
    passwordHash: text(body.password_hash),
    emailConfirm: body.email_confirm === true,
    role: text(body.role),
    appMetadata: object(body.app_metadata),
    userMetadata: object(body.user_metadata),
    banSeconds: durationSeconds(text(body.ban_duration)) ?? null,
  };
  const answer = refusalOf(change, body);
  return answer === null ? { kind: "fine", change } : { kind: "refused", answer };
}

function refusalOf({ id, email, password, passwordHash }: UserChange, body: Claims): Response | null {
  if (text(body.phone) !== null) {
    return authError(501, "not_implemented", "Phone numbers are not in the embedded stack");
  }
  if (id !== null && !uuidShape.test(id)) return invalid("ID must conform to the uuid v4 format");
  if (email !== null && !emailShape.test(email)) {
    return invalid("Unable to validate email address: invalid format");
  }
  if (password !== null && password.length < shortestPassword) {
    return authError(422, "weak_password", `Password should be at least ${shortestPassword} characters.`);
  }
  if (password !== null && Buffer.byteLength(password) > longestPasswordBytes) {
    return invalid("Password cannot be longer than 72 characters");
  }
  if (passwordHash !== null && !bcryptShape.test(passwordHash))
    return invalid("Invalid format of password hash");
  const isBanClear = durationSeconds(text(body.ban_duration)) !== undefined;
  return isBanClear ? null : invalid("invalid format for ban duration");
}

function invalid(message: string): Response {
  return authError(400, "validation_failed", message);
}

/** Go's durations (`24h`, `1h30m`) in seconds, `none` as 0, nothing as null, nonsense as undefined. */
export function durationSeconds(duration: string | null): number | null | undefined {
  if (duration === null) return null;
  if (duration === "none") return 0;
  const part = /(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g;
  if (duration.replace(part, "") !== "") return undefined;
  return [...duration.matchAll(part)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * secondsOf[unit as keyof typeof secondsOf],
    0,
  );
}

/** Metadata with a change laid over it: what is null goes, as GoTrue does. */
export function merged(old: Claims, change: Claims): Claims {
  return Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== null));
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function object(value: unknown): Claims | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : null;
}
