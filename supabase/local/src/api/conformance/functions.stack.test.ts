/** Edge functions on real Deno, invoked through the API by supabase-js. */
import { createClient, FunctionsHttpError } from "@supabase/supabase-js";
import { expect, inject, test } from "vitest";

const { apiUrl, anonKey } = inject("stack");
const client = createClient(apiUrl, anonKey, { auth: { autoRefreshToken: false, persistSession: false } });

test("a function answers in JSON", async () => {
  const secret = Buffer.alloc(32, 7).toString("base64");

  const { data, error } = await client.functions.invoke("sign-in", {
    body: { address: "nobody@elsewhere.example", secret },
  });

  expect(error).toBeNull();
  expect(data).toEqual({ kind: "refused" });
});

test("a function's own refusal comes through with its status", async () => {
  const { error } = await client.functions.invoke("sign-in", { body: { nonsense: true } });

  expect(error).toBeInstanceOf(FunctionsHttpError);
  expect(error.context.status).toBe(400);
});

test("a page of the portal may call it, a function that does not exist nobody", async () => {
  const preflight = await fetch(`${apiUrl}/functions/v1/sign-in`, {
    method: "OPTIONS",
    headers: { origin: "http://localhost:8080", "access-control-request-method": "POST" },
  });
  const { error } = await client.functions.invoke("no-such-function", { body: {} });

  expect(preflight.headers.get("access-control-allow-origin")).not.toBeNull();
  expect(error.context.status).toBe(404);
});
