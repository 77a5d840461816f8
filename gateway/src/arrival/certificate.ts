/**
 * The certificate of SMTP in: read from files at the start, when they change, and when the operator asks (SIGHUP).
 *
 * A pair that cannot be used is logged, and the last good one stays in use.
 */
import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { CertificateFiles } from "../config/entrance.ts";
import { causeOf, type Log } from "../log.ts";

/** In PEM; the certificate with its chain. */
export type Certificate = { readonly cert: Buffer; readonly key: Buffer };

/** How often the files are looked at: a renewal is noticed within this. */
const lookMs = 5_000;

/** Throws where a file cannot be read, or key and certificate do not belong together. */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(files.certificate), readFile(files.key)]);
  createSecureContext({ cert, key });
  return { cert, key };
}

export type WatchedCertificate = { reload(): Promise<void>; stop(): void };

/** Tells of every new pair that can be used. */
export function watchCertificate(
  files: CertificateFiles,
  log: Log,
  onNew: (certificate: Certificate) => void,
): WatchedCertificate {
  const reload = async () => {
    try {
      onNew(await readCertificate(files));
      log("info", "the certificate was read again");
    } catch (error) {
      log("error", "the new certificate cannot be used, the last one stays", { what: causeOf(error) });
    }
  };
  const changed = () => void reload();
  const paths = [files.certificate, files.key];
  for (const path of paths) watchFile(path, { interval: lookMs, persistent: false }, changed);
  return {
    reload,
    stop: () => {
      for (const path of paths) unwatchFile(path, changed);
    },
  };
}
