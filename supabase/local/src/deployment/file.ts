/**
 * Where a deployment's keys rest: `deployment.json` in the data folder, readable by its owner only.
 *
 * Whoever has this file can read escrow and unactivated accounts together with the database; docs/security.md says so.
 */
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Deployment, makeDeployment } from "./keys.ts";

export type Opened =
  | { kind: "made"; deployment: Deployment }
  | { kind: "found"; deployment: Deployment }
  | { kind: "unusable"; why: string };

const knownVersion = 1;

/** Opens the deployment of a data folder, or makes folder and deployment if there is none. */
export async function openDeployment(dataDir: string, nowMs: number): Promise<Opened> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
  const path = join(dataDir, "deployment.json");
  const text = await readIfThere(path);
  if (text === null) {
    const deployment = makeDeployment(nowMs);
    await writeWhole(path, `${JSON.stringify(deployment, null, 2)}\n`);
    return { kind: "made", deployment };
  }
  return readDeployment(text, path);
}

function readDeployment(text: string, path: string): Opened {
  const value = parse(text);
  if (value === null || typeof value.version !== "number") {
    return {
      kind: "unusable",
      why: `${path} is damaged: restore it from a backup, or move the data folder away.`,
    };
  }
  if (value.version > knownVersion) {
    return {
      kind: "unusable",
      why: `${path} is of version ${value.version}, this Sealpost knows ${knownVersion}: start the newer Sealpost, or set SEALPOST_DATA to another folder.`,
    };
  }
  const wanted = makeDeployment(0);
  const missing = Object.keys(wanted).filter(
    (key) => typeof value[key] !== typeof wanted[key as keyof Deployment],
  );
  if (missing.length > 0) {
    return { kind: "unusable", why: `${path} lacks ${missing.join(", ")}: restore it from a backup.` };
  }
  return { kind: "found", deployment: value as unknown as Deployment };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a file so that a crash leaves the old one or the new one, never half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
