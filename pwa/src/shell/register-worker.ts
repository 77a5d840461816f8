/**
 * Installs the service worker that keeps the app's own files for offline starts. A new version takes over at the next
 * start, quietly: nobody is interrupted.
 */
export async function registerWorker(navigator: Navigator): Promise<void> {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  // A browser that refuses (private window, full disk) simply has no offline start.
  await navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
