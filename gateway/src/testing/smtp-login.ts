/**
 * Logins for tests, stored as an administrator stores them.
 */
import { randomBytes } from "node:crypto";
import { hashPassword } from "../credentials/password-hash.ts";
import { credentialStatement } from "../credentials/statement.ts";
import { ask } from "./correspondence.ts";

/** A login of this password that may send for these addresses. */
export async function giveLogin(
  databaseUrl: string,
  password: string,
  addresses: readonly string[],
): Promise<string> {
  const login = `login-${randomBytes(5).toString("hex")}`;
  const made = credentialStatement({ login, addresses, hash: await hashPassword(password) });
  if (made.kind === "wrong") throw new Error(made.sentence);
  await ask(databaseUrl, made.sql);
  return login;
}
