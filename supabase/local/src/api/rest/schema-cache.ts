/**
 * Forgetting the schema when it changed: `notify pgrst`, as PostgREST listens to it.
 *
 * What `@supabase/lite` lacks: it reads the schema once and never again.
 */
import type { Sql } from "postgres";

export type SchemaCache = { clearSchemaCache(): Promise<void> };

/** Listens until the returned function is called. `sql` must stay open that long. */
export async function refreshOnNotice(sql: Sql, cache: SchemaCache): Promise<() => Promise<void>> {
  const listening = await sql.listen("pgrst", (payload) => {
    if (payload === "" || payload === "reload schema") void cache.clearSchemaCache();
  });
  return () => listening.unlisten();
}
