/**
 * Forgets everything that this browser keeps of an account. The app's own files stay, so that it opens offline.
 */

/** Caches that hold the app, never data. */
const APP_CACHE = /precache/;

export async function wipeDevice(): Promise<void> {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("sealpost.")) localStorage.removeItem(key);
  }
  sessionStorage.clear();
  const databases = await indexedDB.databases();
  for (const { name } of databases) if (name !== undefined) indexedDB.deleteDatabase(name);
  for (const name of await caches.keys()) if (!APP_CACHE.test(name)) await caches.delete(name);
}
