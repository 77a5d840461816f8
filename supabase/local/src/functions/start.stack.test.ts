import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Leash, makeLeash } from "../children/leash.ts";
import { type Functions, startFunctions } from "./start.ts";

/** An edge function that does what it is asked and tells how it went. */
const probe = `
  Deno.serve(async (request) => {
    const { what, target } = await request.json();
    try {
      if (what === "fetch") await (await fetch(target)).body?.cancel();
      if (what === "read") await Deno.readTextFile(target);
      if (what === "env") return new Response(String(Deno.env.get(target)));
      if (what === "run") await new Deno.Command(target).output();
      if (what === "import") await import(target);
      if (what === "die") Deno.exit(7);
      return new Response("done");
    } catch (error) {
      return new Response(error.name);
    }
  });
`;

const api = createServer((_, response) => response.end("api"));
const elsewhere = createServer((_, response) => response.end("elsewhere"));
const lines: string[] = [];
let root: string;
let leash: Leash;
let functions: Functions;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sealpost-functions-"));
  await mkdir(join(root, "supabase/functions/probe"), { recursive: true });
  await writeFile(join(root, "supabase/functions/probe/index.ts"), probe);
  await Promise.all(
    [api, elsewhere].map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
  );
  leash = makeLeash();
  functions = await startFunctions({
    names: ["probe"],
    env: () => ({ SUPABASE_URL: urlOf(api), SEALPOST_PEPPER: "salt-and-pepper" }),
    root,
    leash,
    log: (line) => lines.push(line),
  });
});

afterAll(async () => {
  await functions.stop();
  await leash.stop();
  for (const server of [api, elsewhere]) await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

test("a function reaches the API, and no other place", async () => {
  expect(await ask("fetch", urlOf(api))).toBe("done");
  expect(await ask("fetch", urlOf(elsewhere))).toBe("NotCapable");
});

test("a function reads its sources, and no other file", async () => {
  expect(await ask("read", join(root, "supabase/functions/probe/index.ts"))).toBe("done");
  expect(await ask("read", "/etc/passwd")).toBe("NotCapable");
});

test("a function knows what it was told, and not what we know", async () => {
  expect(await ask("env", "SEALPOST_PEPPER")).toBe("salt-and-pepper");
  expect(await ask("env", "HOME")).toBe("NotCapable");
});

test("a function runs no program and fetches no code", async () => {
  expect(await ask("run", "/bin/true")).toBe("NotCapable");
  expect(await ask("import", `${urlOf(api)}/code.ts`)).toMatch(/Error|NotCapable/);
});

test("a function that ends is started again", async () => {
  await ask("die", "").catch(() => {});

  await vi.waitFor(async () => expect(await ask("env", "SEALPOST_PEPPER")).toBe("salt-and-pepper"), {
    timeout: 10_000,
  });
  expect(lines.join("\n")).toContain("starting it again");
});

async function ask(what: string, target: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${functions.ports.probe}`, {
    method: "POST",
    body: JSON.stringify({ what, target }),
  });
  return answer.text();
}

function urlOf(server: typeof api): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
