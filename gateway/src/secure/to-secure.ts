/**
 * What securing takes: the gateway's ports, and what was decided about a mail.
 */
import type { Mail } from "@sealpost/shared/mail.ts";
import type { Verdict } from "@sealpost/shared/policy/judge.ts";
import type { Arrived } from "../arrival/arrived.ts";
import type { Database } from "../database/database.ts";
import type { Directory } from "../keys/directory.ts";
import type { Ports as NewKeyPorts } from "../keys/new-keys.ts";
import type { Log } from "../log.ts";
import type { Organisation } from "../organisation/organisation.ts";
import type { VerdictRow } from "../policies/verdict-log.ts";
import type { Written } from "../portal-mail/written.ts";
import type { Storage } from "./storage.ts";

export type SecurePorts = NewKeyPorts & {
  readonly database: Database;
  readonly directory: Directory;
  readonly storage: Storage;
  readonly hostname: string;
  readonly noticeDomain: string;
  /** Null where the gateway was not told. */
  readonly portalUrl: string | null;
  readonly now: () => number;
  readonly log: Log;
  /** Told after commit, so that notices go out and expiry is watched. */
  readonly onStored: (message: { readonly expiresAtMs: number | null }) => void;
};

/** What was decided about a mail. `sender` is the owner, normalised; `thread` the one that it answers. */
export type ToSecure = {
  readonly arrived: Arrived;
  readonly mail: Mail;
  readonly sender: string;
  readonly verdict: Extract<Verdict, { kind: "secure" }>;
  readonly thread: string | null;
  readonly organisation: Organisation;
  /** Where it was written in the portal. */
  readonly written?: Written | null;
  /** What the log of verdicts says of it. */
  readonly verdicts: readonly VerdictRow[];
};
