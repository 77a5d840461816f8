/**
 * The files of a draft: small ones are read into it, others go up while the writing goes on. What is cut off can be tried
 * again and goes on where it was, as long as the page has the file.
 */
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { LARGEST_ATTACHMENT, LARGEST_ATTACHMENTS } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { onCleanup } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { PortalMailBackend } from "../backend/portal-mail.ts";
import { type Draft, type DraftContent, type DraftFile, fitsInside } from "./draft.ts";
import { type UploadOutcome, uploadFile } from "./upload.ts";

/** Where a file is that is not finished. */
export type UploadState =
  | { kind: "uploading"; done: number }
  | { kind: "over-quota" | "too-large" | "offline" | "failed" }
  /** The page does not have the file any more. */
  | { kind: "lost" };

export interface FilePorts {
  primitives: Primitives;
  backend: Pick<PortalMailBackend, "reserveUpload" | "upload" | "dropUploads">;
  draft(): Draft;
  /** Changes the draft; resolves when it is kept. */
  change(part: Partial<Draft>): Promise<void>;
}

export interface AttachedFiles {
  /** By part, of the unfinished ones. */
  uploads: Readonly<Record<number, UploadState>>;
  /** Resolves when it is noted, or goes up; false where it, or all together, would be larger than mail servers pass on. */
  add(file: File): Promise<boolean>;
  retry(part: number): Promise<void>;
  /** Stops the upload where it runs, and forgets the file. */
  remove(part: number): Promise<void>;
  /** These parts are not on the server any more: uploads them again where the page has the files. */
  renew(parts: readonly number[]): Promise<void>;
  stop(): void;
}

export function createAttachedFiles(ports: FilePorts): AttachedFiles {
  const lost = ports.draft().files.filter(({ content }) => content.kind === "unfinished");
  const [uploads, setStore] = createStore<Record<number, UploadState>>(
    Object.fromEntries(lost.map(({ part }) => [part, { kind: "lost" }])),
  );
  const setUploads = (part: number, state: UploadState): void => setStore(part, reconcile(state));
  const held = new Map<number, File>();
  const running = new Map<number, AbortController>();
  const settle = (part: number, content: DraftContent): Promise<void> => {
    const files = ports.draft().files.map((one) => (one.part === part ? { ...one, content } : one));
    return ports.change({ files });
  };
  const start = async (part: number): Promise<void> => {
    const file = held.get(part);
    if (file === undefined) return setUploads(part, { kind: "lost" });
    if (running.has(part)) return;
    const stop = new AbortController();
    running.set(part, stop);
    setUploads(part, { kind: "uploading", done: 0 });
    const onProgress = (done: number): void => setUploads(part, { kind: "uploading", done });
    // A file that was moved or deleted meanwhile cannot be read.
    const outcome = await upload(ports, { part, file, signal: stop.signal, onProgress })
      .catch((): UploadOutcome => ({ kind: "failed" }))
      .finally(() => running.delete(part));
    if (outcome.kind === "uploaded") await settle(part, outcome);
    else if (outcome.kind !== "cancelled") setUploads(part, outcome);
  };
  const stop = (): void => {
    for (const one of running.values()) one.abort();
  };
  onCleanup(stop);
  return {
    uploads,
    stop,
    retry: start,
    async add(file) {
      if (!withinLimits(ports.draft().files, file.size)) return false;
      const part = await note(ports, file);
      if (part === null) return true;
      held.set(part, file);
      void start(part);
      return true;
    },
    async remove(part) {
      running.get(part)?.abort();
      held.delete(part);
      const file = ports.draft().files.find((one) => one.part === part);
      await ports.change({ files: ports.draft().files.filter((one) => one.part !== part) });
      if (file !== undefined && file.content.kind !== "inside") await giveBack(ports, part);
    },
    async renew(parts) {
      for (const part of parts) await settle(part, { kind: "unfinished" });
      for (const part of parts) await start(part);
    },
  };
}

/** Writes the file into the draft, before anything is sealed for its part; gives the part that is to be uploaded. */
async function note(ports: FilePorts, file: File): Promise<number | null> {
  const inside = fitsInside(ports.draft().files, file.size);
  const bytes = inside ? new Uint8Array(await file.arrayBuffer()) : null;
  // Read after the wait, so that of two files at once each has a part of its own.
  const { files, nextPart: part } = ports.draft();
  const content: DraftContent =
    bytes === null ? { kind: "unfinished" } : { kind: "inside", bytesB64: toB64(bytes) };
  const type = file.type || "application/octet-stream";
  const noted: DraftFile = { part, name: file.name, type, size: file.size, content };
  await ports.change({ files: [...files, noted], nextPart: part + 1 });
  return inside ? null : part;
}

async function upload(
  { primitives, backend, draft }: FilePorts,
  { part, file, signal, onProgress }: UploadRun,
): Promise<UploadOutcome> {
  const contentKey = fromB64(draft().contentKey);
  if (contentKey === undefined) return { kind: "failed" };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const keys = { messageId: draft().id, contentKey };
  return await uploadFile({ primitives, backend, signal, onProgress }, { keys, part, bytes });
}

interface UploadRun {
  part: number;
  file: File;
  signal: AbortSignal;
  onProgress(done: number): void;
}

/** The server sweeps what is not given back, after a day. */
async function giveBack({ backend, draft }: FilePorts, part: number): Promise<void> {
  await backend.dropUploads(draft().id, part).catch(() => undefined);
}

function withinLimits(files: readonly DraftFile[], size: number): boolean {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return size <= LARGEST_ATTACHMENT && total + size <= LARGEST_ATTACHMENTS;
}
