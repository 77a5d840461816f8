/** What password works with, from its environment. */
import { type AttemptEnvironment, attemptEnvironment } from "../_shared/attempt-environment.ts";
import type { ReadVariable } from "../_shared/environment.ts";
import { passwordAccounts } from "./accounts.ts";
import type { PasswordPorts } from "./password.ts";

export function portsFromEnvironment(read: ReadVariable): PasswordPorts & AttemptEnvironment {
  const shared = attemptEnvironment(read);
  return { ...shared, accounts: passwordAccounts(shared.backend) };
}
