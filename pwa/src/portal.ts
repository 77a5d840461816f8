/**
 * What every screen may reach for: the deployment, the session, the clock. Made once in main.tsx.
 */
import { type Accessor, createContext, createEffect, useContext } from "solid-js";
import type { Session } from "./account/session.ts";
import type { Backend } from "./backend/backend.ts";
import type { PortalConfig } from "./config.ts";
import type { Clock } from "./time/clock.ts";
import type { Locale } from "./time/words.ts";

export interface Portal {
  readonly config: PortalConfig;
  readonly session: Session;
  readonly clock: Clock;
  /** Ticks, for words such as "expires in 5 minutes". */
  readonly now: Accessor<number>;
  readonly locale: Locale;
  readonly online: Accessor<boolean>;
  backend(): Promise<Backend>;
}

const PortalContext = createContext<Portal>();

export const PortalProvider = PortalContext.Provider;

export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (portal === undefined) throw new Error("usePortal outside of the portal");
  return portal;
}

/**
 * Names the page in the browser's tab. Never with anything from inside a message: browsers keep titles in
 * their history, on disk.
 */
export function createTitle(title: Accessor<string>): void {
  const { config } = usePortal();
  createEffect(() => {
    document.title = `${title()} · ${config.organisation}`;
  });
}
