/**
 * Passwords at rest: bcrypt at GoTrue's cost, so that lite's sign-in and hosted's know each other's.
 */
import { randomBytes } from "node:crypto";
import { bcrypt } from "hash-wasm";

const costFactor = 10;
/** bcrypt reads no further; GoTrue refuses more. */
export const longestPasswordBytes = 72;
/** Hosted Supabase's default. */
export const shortestPassword = 6;

export function hashPassword(password: string): Promise<string> {
  return bcrypt({ password, salt: randomBytes(16), costFactor, outputType: "encoded" });
}
