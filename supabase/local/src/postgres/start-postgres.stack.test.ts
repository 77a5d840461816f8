/**
 * Starting, stopping and starting again, after good days and bad ones.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../children/port.ts";
import { withClient } from "./platform.ts";
import { isPostgresOf } from "./process-identity.ts";
import { endProcess } from "./stale-postmaster.ts";
import { type PostgresOptions, type RunningPostgres, startPostgres } from "./start-postgres.ts";
import { StartProblem } from "./start-problem.ts";
import { copyTemplate, temporaryPassword } from "./template.ts";

let folder: string;
let options: PostgresOptions;
let toEnd: (() => Promise<unknown>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpost-start-"));
  await chmod(folder, 0o711);
  options = {
    dataDir: join(folder, "db"),
    port: await freePort(),
    password: temporaryPassword,
    log: () => {},
    durable: false,
  };
  toEnd = [];
});

afterEach(async () => {
  for (const end of toEnd.reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});

test("what was stored before a restart is there after it, under a password of any characters", async () => {
  options = { ...options, password: "it's a /@:%\\ long one" };
  const before = await start();
  await write(before, "kept");
  await before.stop();

  const after = await start();

  expect(await written(after)).toEqual(["kept"]);
});

test("what a migration makes in public is everybody's until it takes that back, as on hosted Supabase", async () => {
  const running = await start();
  await write(running, "open");

  const rights = await withClient(running.url("postgres"), (client) =>
    client.query(
      "select has_table_privilege('anon', 'public.words', 'select, insert, update, delete') as all_of_it",
    ),
  );

  expect(rights.rows).toEqual([{ all_of_it: true }]);
});

test("a folder that this user may not read is a sentence, and no second database is made in it", async () => {
  await writeFile(options.dataDir, "not a folder");

  const starting = start();

  await expect(starting).rejects.toThrow(/cannot be read .*SEALPOST_DATA/);
});

test("after Sealpost was killed, the server it left behind is stopped and nothing is lost", async () => {
  await copyTemplate(options.dataDir);
  const { victim, pid } = await startElsewhere();
  await write({ url: urlFor }, "kept");
  await kill(victim);
  expect(await isPostgresOf(pid, options.dataDir)).toBe(true);

  const after = await start();

  expect(after.pid).not.toBe(pid);
  expect(await written(after)).toEqual(["kept"]);
});

test("a second Sealpost on the same folder is told of the first, which runs on", async () => {
  await copyTemplate(options.dataDir);
  const { victim, pid } = await startElsewhere();
  toEnd.push(
    () => kill(victim),
    () => endProcess(pid),
  );

  const second = start({ port: await freePort() });

  await expect(second).rejects.toThrow(new RegExp(`already runs .*process ${victim.pid}.*SEALPOST_DATA`));
  expect(await isPostgresOf(pid, options.dataDir)).toBe(true);
});

test("a pid file that means another process by now does not hinder, and that process lives", async () => {
  await copyTemplate(options.dataDir);
  const first = await start();
  await first.stop();
  await writeFile(join(options.dataDir, "postmaster.pid"), `${process.pid}\n${options.dataDir}\n`);

  const after = await start();

  expect(await written(after)).toEqual([]);
});

test("Ctrl-C in the terminal does not reach the server", async () => {
  await copyTemplate(options.dataDir);
  const running = await start();

  const groups = await Promise.all([running.pid, process.pid].map(processGroup));

  expect(groups[0]).not.toBe(groups[1]); // the terminal signals our group
});

test.runIf(process.getuid?.() === 0)("root may keep it in a folder that is closed to others", async () => {
  await copyTemplate(options.dataDir);
  await chmod(folder, 0o700); // as /root is

  const running = await start();

  expect(await written(running)).toEqual([]);
  expect(await processOwner(running.pid)).not.toBe(0);
});

test("nobody comes in without the password, not even from this machine", async () => {
  await copyTemplate(options.dataDir);
  const running = await start();
  const stranger = running.url("supabase_admin").replace(/:[^:@]*@/, "@");

  const entering = withClient(stranger, (client) => client.query("select"));

  await expect(entering).rejects.toThrow(/password/);
});

test("a port in use is named with the variable that changes it", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(options.port, "127.0.0.1", resolve));
  toEnd.push(() => new Promise((resolve) => other.close(resolve)));

  const starting = start();

  await expect(starting).rejects.toThrow(`Port ${options.port} for Postgres is in use`);
  await expect(starting).rejects.toThrow("SEALPOST_DB_PORT");
});

test("a first start that was cut off is begun again", async () => {
  const { victim, pid } = await startElsewhere();
  await writeFile(`${options.dataDir}.unfinished`, ""); // what the start writes first and removes last
  await kill(victim);

  const after = await start();

  expect(after.pid).not.toBe(pid);
  expect(await written(after)).toEqual([]);
});

test.each([
  { what: "another Postgres", file: "PG_VERSION", text: "16\n", says: /made by Postgres 16.*SEALPOST_DATA/ },
  {
    what: "a newer Sealpost",
    file: "sealpost-platform",
    text: "99\n",
    says: /newer Sealpost; update Sealpost/,
  },
])("a folder from $what is refused with the mend and left as it is", async ({ file, text, says }) => {
  await copyTemplate(options.dataDir);
  const first = await start();
  await first.stop();
  await writeFile(join(options.dataDir, file), text);

  const starting = start();

  await expect(starting).rejects.toThrow(says);
  await expect(starting).rejects.toBeInstanceOf(StartProblem);
  expect(await readFile(join(options.dataDir, file), "utf8")).toBe(text);
});

test("another password than the folder's is a sentence, which does not hold it", async () => {
  await copyTemplate(options.dataDir);
  const first = await start();
  await first.stop();

  const starting = start({ password: "mistaken" });

  await expect(starting).rejects.toThrow(/another database password/);
  await expect(starting).rejects.not.toThrow(/mistaken/);
});

async function start(changes: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const running = await startPostgres({ ...options, ...changes });
  toEnd.push(() => running.stop());
  return running;
}

/** Starts the same in a process of its own, as a Sealpost that can be killed. */
async function startElsewhere(): Promise<{ victim: ChildProcess; pid: number }> {
  const module = new URL("./start-postgres.ts", import.meta.url).href;
  const program = `
    const { startPostgres } = await import(${JSON.stringify(module)});
    const running = await startPostgres({ ...${JSON.stringify(options)}, log: () => {} });
    process.stdout.write(running.pid + "\\n");
    setInterval(() => {}, 1000);`;
  const victim = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = await new Promise<number>((resolve) =>
    victim.stdout.once("data", (line) => resolve(Number(line))),
  );
  return { victim, pid };
}

async function kill(victim: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => victim.once("exit", resolve));
  victim.kill("SIGKILL");
  await ended;
}

function urlFor(): string {
  return `postgresql://postgres:${options.password}@127.0.0.1:${options.port}/postgres`;
}

async function write(to: Pick<RunningPostgres, "url">, word: string): Promise<void> {
  await withClient(to.url("postgres"), async (client) => {
    await client.query("create table public.words (word text)");
    await client.query("insert into public.words values ($1)", [word]);
  });
}

async function written(from: RunningPostgres): Promise<string[]> {
  return withClient(from.url("postgres"), async (client) => {
    const table = await client.query("select to_regclass('public.words') as found");
    if (table.rows[0].found === null) return [];
    const words = await client.query<{ word: string }>("select word from public.words");
    return words.rows.map((row) => row.word);
  });
}

async function processOwner(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid;
}

async function processGroup(pid: number): Promise<string> {
  const fields = await readFile(`/proc/${pid}/stat`, "utf8");
  return fields.slice(fields.lastIndexOf(")") + 2).split(" ")[2]!;
}
