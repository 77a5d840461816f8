import { makePassword } from "./password.ts";
import { portsFromEnvironment } from "./ports.ts";

Deno.serve(makePassword(portsFromEnvironment((name) => Deno.env.get(name))));
