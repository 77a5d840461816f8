import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../children/port.ts";
import { StartProblem } from "../postgres/start-problem.ts";
import { makeUndo } from "./cleanup.ts";
import { lockDataFolder } from "./lock.ts";
import { takenPorts } from "./ports.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sealpost-lock-"));
});

afterEach(() => rm(dataDir, { recursive: true }));

test("a second Sealpost in the same data folder is told which process has it", async () => {
  const lock = await lockDataFolder(dataDir);

  const second = lockDataFolder(dataDir);

  await expect(second).rejects.toThrow(StartProblem);
  await expect(second).rejects.toThrow(`process ${process.pid}`);
  await lock.release();
  await expect(lockDataFolder(dataDir)).resolves.toMatchObject({ afterCrash: false });
});

test("of many that start at the same moment, one wins", async () => {
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => lockDataFolder(dataDir)));

  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
});

test("a folder whose Sealpost was killed is free, and known to have been cut off", async () => {
  await writeFile(join(dataDir, "running"), "999999 123\n");

  expect(await lockDataFolder(dataDir)).toMatchObject({ afterCrash: true });
});

test("a number that now belongs to another process locks nobody out", async () => {
  await writeFile(join(dataDir, "running"), `${process.pid} 1\n`);

  expect(await lockDataFolder(dataDir)).toMatchObject({ afterCrash: true });
  expect(await readdir(dataDir)).toEqual(["running"]);
});

test("each port that somebody else holds is named with its variable, and no free one is", async () => {
  const [smtp, portal] = [await freePort(), await freePort()];
  const holder = createServer().listen(smtp, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));

  const sentences = await takenPorts({ smtp, portal, api: 1, database: 1, mail: 1, mailWeb: 1 }, [
    "smtp",
    "portal",
  ]);

  expect(sentences).toEqual([
    `Port ${smtp} is in use by another program: stop it, or set SEALPOST_SMTP_PORT to a free port.`,
  ]);
  await new Promise((resolve) => holder.close(resolve));
});

test("what began last ends first, each exactly once, even when one fails", async () => {
  const ended: string[] = [];
  const undo = makeUndo();
  undo.add(async () => void ended.push("database"));
  undo.add(async () => {
    ended.push("api");
    throw new Error("stuck");
  });
  undo.add(async () => void ended.push("gateway"));

  const both = await Promise.allSettled([undo.all(), undo.all()]);

  expect(ended).toEqual(["gateway", "api", "database"]);
  expect(both.map((result) => result.status)).toEqual(["rejected", "rejected"]);
});
