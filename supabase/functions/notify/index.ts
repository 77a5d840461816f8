import { makeNotify } from "./notify.ts";
import { portsFromEnvironment } from "./ports.ts";

Deno.serve(makeNotify(portsFromEnvironment((name) => Deno.env.get(name))));
