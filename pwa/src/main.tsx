/**
 * The portal's start: reads the configuration, ties the ports to the browser, shows the first screen.
 */
import "./styles/base.css";
import { createSignal } from "solid-js";
import { render } from "solid-js/web";
import { createSession } from "./account/session.ts";
import { wipeDevice } from "./account/wipe.ts";
import { App } from "./app.tsx";
import { SESSION_KEY } from "./backend/session-key.ts";
import { loadConfig, type PortalConfig } from "./config.ts";
import { type Portal, PortalProvider } from "./portal.ts";
import { InsecurePage, NoStartPage } from "./shell/plain-page.tsx";
import { registerWorker } from "./shell/register-worker.ts";
import { createNow, makeClock } from "./time/clock.ts";
import { chooseLocale } from "./time/words.ts";

const timers = {
  now: () => Date.now(),
  setTimeout: (run: () => void, ms: number) => window.setTimeout(run, ms),
  clearTimeout: (timer: unknown) => window.clearTimeout(timer as number),
};

/** Loads once, on first use. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load().catch((cause) => {
      // A failed load (no network) may be tried again.
      loading = null;
      throw cause;
    });
    return loading;
  };
}

function createPortal(config: PortalConfig): Portal & { prepareSignIn: () => void } {
  const backend = once(async () => (await import("./backend/supabase.ts")).createSupabaseBackend(config));
  const vault = once(async () => (await import("./account/browser-vault.ts")).createBrowserVault(config));
  const session = createSession({
    backend,
    vault,
    remembersSession: () => localStorage.getItem(SESSION_KEY) !== null,
    wipe: wipeDevice,
  });
  const clock = makeClock(timers);
  const [online, setOnline] = createSignal(navigator.onLine);
  window.addEventListener("online", () => setOnline(true));
  window.addEventListener("offline", () => setOnline(false));
  return {
    ...{ config, session, clock, online, backend },
    now: createNow(clock),
    locale: chooseLocale(navigator.languages),
    prepareSignIn: () => void Promise.allSettled([backend(), vault()]),
  };
}

async function start(root: HTMLElement): Promise<void> {
  if (!window.isSecureContext) {
    render(() => <InsecurePage />, root);
    return;
  }
  const config = await loadConfig(window.fetch).catch(() => null);
  if (config === null) {
    render(() => <NoStartPage />, root);
    return;
  }
  render(() => {
    const portal = createPortal(config);
    void portal.session.start();
    return (
      <PortalProvider value={portal}>
        <App prepareSignIn={portal.prepareSignIn} />
      </PortalProvider>
    );
  }, root);
  void registerWorker(navigator);
}

const root = document.getElementById("app");
if (root !== null) void start(root);
