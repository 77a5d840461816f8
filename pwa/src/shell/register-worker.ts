/**
 * Installs the service worker that keeps the app's own files for offline starts. A new version takes over when the app
 * is next started, before anything was typed: nobody is interrupted.
 */
export async function registerWorker(navigator: Navigator): Promise<void> {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  const workers = navigator.serviceWorker;
  // A browser that refuses (private window, full disk) simply has no offline start.
  const registration = await workers.register("/sw.js").catch(() => null);
  if (!registration?.waiting || !workers.controller) return;
  workers.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("take-over");
}
