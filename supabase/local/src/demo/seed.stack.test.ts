import { createClient } from "@supabase/supabase-js";
import { expect, inject, test } from "vitest";

test("Carol of the demo has an account that nobody else can see", async () => {
  const { apiUrl, anonKey } = inject("stack");
  const stranger = createClient(apiUrl, anonKey, { auth: { persistSession: false } });

  const seen = await stranger.from("accounts").select("id");

  expect(seen.data).toBeNull();
  expect(seen.error?.code).toBe("42501");
});
