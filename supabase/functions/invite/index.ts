import { makeInvite } from "./invite.ts";
import { portsFromEnvironment } from "./ports.ts";

Deno.serve(makeInvite(portsFromEnvironment((name) => Deno.env.get(name))));
