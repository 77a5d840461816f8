import { portsFromEnvironment } from "./ports.ts";
import { makeSweep } from "./sweep.ts";

Deno.serve(makeSweep(portsFromEnvironment((name) => Deno.env.get(name))));
