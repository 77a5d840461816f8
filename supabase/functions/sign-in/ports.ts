/** What sign-in works with, from its environment. */
import { attemptEnvironment } from "../_shared/attempt-environment.ts";
import type { ReadVariable } from "../_shared/environment.ts";
import { systemClock } from "../_shared/floor.ts";
import type { SignInPorts } from "./sign-in.ts";

export function portsFromEnvironment(read: ReadVariable): SignInPorts {
  return { ...attemptEnvironment(read), clock: systemClock };
}
