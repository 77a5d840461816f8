/**
 * Writing one mail: its draft, kept with every stroke; its files; and the way off, at the end of which the draft is gone
 * and the outbox has it.
 */
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import {
  MAX_RECIPIENTS,
  type PortalMail,
  parsePortalMail,
} from "@sealpost/shared/portal-mail/portal-mail.ts";
import { sealPortalMail } from "@sealpost/shared/portal-mail/seal.ts";
import { type Accessor, createSignal } from "solid-js";
import { createStore, unwrap } from "solid-js/store";
import type { OpenAccount } from "../account/vault.ts";
import { BackendFailure } from "../backend/backend.ts";
import type { PortalMailBackend, PortalMailRow, SendAnswer } from "../backend/portal-mail.ts";
import { type AttachedFiles, createAttachedFiles } from "./attached-files.ts";
import { type Draft, mailOf } from "./draft.ts";
import type { Drafts } from "./drafts.ts";

export type ComposeStatus =
  | { kind: "writing" }
  | { kind: "sending" }
  /** The outbox has it. */
  | { kind: "handed-in" }
  | { kind: "discarded" }
  | ComposeProblem;

/** Why it did not go off; the draft is still there. */
export type ComposeProblem =
  | { kind: "nobody" | "too-many" | "unfinished" | "too-long" | "upload-missing" | "too-large" }
  | { kind: "limited"; seconds: number }
  | { kind: "offline" | "failed" }
  /** It was handed in and no answer came. Sent again it counts once, and as it was. */
  | { kind: "unanswered" };

export interface ComposePorts {
  draft: Draft;
  drafts: Pick<Drafts, "save" | "drop">;
  keys: OpenAccount;
  gatewayPublicKey: Uint8Array;
  backend: Pick<PortalMailBackend, "sendPortalMail" | "reserveUpload" | "upload" | "dropUploads">;
  now(): number;
  online(): boolean;
  onHandedIn(row: PortalMailRow): void;
  onSignedOut(): void;
}

export interface Compose {
  draft: Draft;
  files: AttachedFiles;
  status: Accessor<ComposeStatus>;
  edit(part: Partial<Pick<Draft, "to" | "cc" | "subject" | "text">>): void;
  send(): Promise<void>;
  discard(): Promise<void>;
}

export function createCompose(ports: ComposePorts): Compose {
  const [draft, setDraft] = createStore<Draft>(structuredClone(ports.draft));
  const [status, setStatus] = createSignal<ComposeStatus>(
    draft.handedIn ? { kind: "unanswered" } : { kind: "writing" },
  );
  const change = async (part: Partial<Draft>): Promise<void> => {
    setDraft({ ...part, savedAt: ports.now() });
    await ports.drafts.save(structuredClone(unwrap(draft)));
  };
  const { primitives } = ports.keys;
  const files = createAttachedFiles({ primitives, backend: ports.backend, draft: () => draft, change });
  const sendOff = async (mail: PortalMail): Promise<ComposeStatus> => {
    await change({ handedIn: true }).catch(() => undefined);
    const answer = await handIn(ports, draft, mail);
    const status = statusOf(answer);
    if (status.kind !== "handed-in") await change({ handedIn: false }).catch(() => undefined);
    if (answer.kind === "upload-missing") void files.renew(partsOf(draft, answer.objects));
    return status;
  };
  return {
    draft,
    files,
    status,
    edit(part) {
      if (draft.handedIn) return;
      setStatus({ kind: "writing" });
      // A device that keeps nothing keeps the draft in this tab.
      void change(part).catch(() => undefined);
    },
    async send() {
      if (status().kind === "sending") return;
      const mail = mailOf(unwrap(draft));
      const problem = problemOf(draft, mail, ports.online());
      if (problem !== null) return void setStatus(problem);
      setStatus({ kind: "sending" });
      const next = await sendOff(mail).catch((thrown: unknown) => noAnswer(ports, thrown));
      if (next.kind === "failed") await change({ handedIn: false }).catch(() => undefined);
      if (next.kind === "handed-in") await ports.drafts.drop(draft.id).catch(() => undefined);
      setStatus(next);
    },
    async discard() {
      files.stop();
      const uploads = draft.files.some(({ content }) => content.kind !== "inside");
      if (uploads) void ports.backend.dropUploads(draft.id, null).catch(() => undefined);
      await ports.drafts.drop(draft.id).catch(() => undefined);
      setStatus({ kind: "discarded" });
    },
  };
}

async function handIn(ports: ComposePorts, draft: Draft, mail: PortalMail): Promise<SendAnswer> {
  const { keys, gatewayPublicKey } = ports;
  const small = new Map<number, Uint8Array>();
  for (const { part, content } of draft.files) {
    const bytes = content.kind === "inside" ? fromB64(content.bytesB64) : undefined;
    if (bytes !== undefined) small.set(part, bytes);
  }
  const { account, primitives } = keys;
  const { id } = draft;
  const sealed = await sealPortalMail(primitives, { gatewayPublicKey, account, id, mail, small });
  const answer = await ports.backend.sendPortalMail({
    ...{ id, keyVersion: account.keyVersion, objects: sealed.objects },
    ...{ parcel: toB64(sealed.parcel), ownCopy: toB64(sealed.ownCopy) },
  });
  if ("state" in answer) ports.onHandedIn(answer);
  return answer;
}

function statusOf(answer: SendAnswer): ComposeStatus {
  switch (answer.kind) {
    case "sending":
    case "sent":
    case "refused":
    case "held":
      return { kind: "handed-in" };
    case "limited":
      return { kind: "limited", seconds: answer.seconds };
    case "upload-missing":
    case "too-large":
      return { kind: answer.kind };
  }
}

/** What must be mended first; null when it can go. */
function problemOf(draft: Draft, mail: PortalMail, online: boolean): ComposeProblem | null {
  const recipients = mail.to.length + mail.cc.length;
  if (recipients === 0) return { kind: "nobody" };
  if (recipients > MAX_RECIPIENTS) return { kind: "too-many" };
  if (draft.files.some(({ content }) => content.kind === "unfinished")) return { kind: "unfinished" };
  if (parsePortalMail(mail).kind === "malformed") return { kind: "too-long" };
  return online ? null : { kind: "offline" };
}

function noAnswer(ports: ComposePorts, thrown: unknown): ComposeStatus {
  if (!(thrown instanceof BackendFailure)) throw thrown;
  if (thrown.kind === "signed-out") ports.onSignedOut();
  return { kind: thrown.kind === "failed" ? "failed" : "unanswered" };
}

function partsOf(draft: Draft, objects: readonly string[]): number[] {
  const missing = new Set(objects);
  return draft.files.flatMap(({ part, content }) =>
    content.kind === "uploaded" && content.objects.some((name) => missing.has(name)) ? [part] : [],
  );
}
