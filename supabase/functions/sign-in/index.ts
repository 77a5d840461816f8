import { portsFromEnvironment } from "./ports.ts";
import { makeSignIn } from "./sign-in.ts";

Deno.serve(makeSignIn(portsFromEnvironment((name) => Deno.env.get(name))));
