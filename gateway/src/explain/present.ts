/**
 * What the explain tool judges by: the organisation and the rules as they are now, from the database or from a file.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { compileRules, type RowErrors, type Rules } from "@sealpost/shared/policy/compile.ts";
import { parseRules } from "@sealpost/shared/policy/rows.ts";
import type { Environment } from "../config/reader.ts";
import { type Database, makeDatabase } from "../database/database.ts";
import { type Organisation, readOrganisation } from "../organisation/organisation.ts";
import type { Arguments } from "./arguments.ts";

export type Present = {
  /** Null where the rules come from a file that holds no `config`: then only the sender's domain is internal. */
  readonly organisation: Organisation | null;
  readonly rules: Rules;
};

/** What whoever explains can mend, as a sentence. */
export class ExplainProblem extends Error {}

/** Throws ExplainProblem and DatabaseProblem. */
export async function readPresent({ policies }: Arguments, env: Environment): Promise<Present> {
  if (policies !== null) return await fromFile(policies);
  const database = makeDatabase({ url: await databaseUrl(env), preparesStatements: false, onLost: () => {} });
  try {
    return present(await ask(database, "gateway_config"), await ask(database, "gateway_policies"));
  } finally {
    await database.close();
  }
}

async function ask(database: Database, name: string): Promise<unknown> {
  return await database.call({ name, text: `select private.${name}()`, values: [] });
}

async function fromFile(path: string): Promise<Present> {
  const content = await readJson(path);
  if (content === undefined) throw new ExplainProblem(`${path} is not there, or holds no JSON.`);
  const { config, ...rules } = content;
  return present(config, rules);
}

function present(config: unknown, rows: unknown): Present {
  const organisation = config === undefined ? null : readOrganisation(config);
  if (organisation === undefined) {
    throw new ExplainProblem(
      "The organisation's settings have another shape than private.gateway_config() gives.",
    );
  }
  const read = parseRules(rows);
  if (read.kind === "malformed") {
    throw new ExplainProblem(
      `The rules have another shape than private.gateway_policies() gives, at ${read.what}.`,
    );
  }
  const compiled = compileRules(read.value);
  if (compiled.kind === "compiled") return { organisation, rules: compiled.rules };
  const errors = [
    ...sentences("policy", compiled.policies),
    ...sentences("dictionary", compiled.dictionaries),
  ];
  throw new ExplainProblem(
    `These rules cannot be used, so gateways keep to the last good ones:\n${errors.join("\n")}`,
  );
}

function sentences(what: string, errors: RowErrors): string[] {
  return Object.entries(errors).map(([name, sentence]) => `${what} "${name}": ${sentence}`);
}

/** The variable, or what `npm start` uses: its port, and the password in its data folder. */
async function databaseUrl(env: Environment): Promise<string> {
  if (env.SEALPOST_DATABASE_URL) return env.SEALPOST_DATABASE_URL;
  const folder = env.SEALPOST_DATA || ".sealpost";
  const deployment = await readJson(join(folder, "deployment.json"));
  const password = deployment?.databasePassword;
  if (typeof password !== "string") {
    throw new ExplainProblem(
      `There is no deployment in ${folder}: run npm start first, set SEALPOST_DATABASE_URL, or give --policies file.json.`,
    );
  }
  const port = env.SEALPOST_DB_PORT || "54322";
  return `postgresql://sealpost_gateway:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
