/**
 * The arguments of the explain tool.
 */
import { parseArgs } from "node:util";
import { normaliseAddress } from "@sealpost/shared/address.ts";

export type Arguments = {
  /** Path of the mail. */
  readonly file: string;
  /** Sender of the envelope, normalised; null for the one that From names. */
  readonly from: string | null;
  /** Recipients of the envelope, normalised; none for those that To, Cc and Bcc name. */
  readonly to: readonly string[];
  /** Address of the client. */
  readonly source: string;
  readonly atMs: number;
  /** Path of rules in JSON instead of the database's. */
  readonly policies: string | null;
};

export type ParsedArguments =
  | { kind: "arguments"; arguments: Arguments }
  | { kind: "wrong"; sentence: string };

export const usage = `Usage: npm run explain -- mail.eml [options]
  --from ann@acme.example     sender of the envelope (else: From)
  --to bob@elsewhere.example  recipient of the envelope, may be repeated (else: To and Cc)
  --source 10.0.0.1           address of the client that brings the mail
  --at 2026-12-24T18:00:00Z   the time to judge at (else: now)
  --policies rules.json       rules from a file (the answer of private.gateway_policies()) instead of the database`;

const options = {
  from: { type: "string" },
  to: { type: "string", multiple: true },
  source: { type: "string" },
  at: { type: "string" },
  policies: { type: "string" },
} as const;

/** Reads them; `nowMs` is the time where none is given. */
export function parseArguments(args: readonly string[], nowMs: number): ParsedArguments {
  const read = tryParse(args);
  if (typeof read === "string") return wrong(read);
  const { values, positionals } = read;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return wrong("Name one file that holds a mail.");
  const from = values.from === undefined ? null : normaliseAddress(values.from);
  if (from === undefined) return wrong(`--from "${values.from}" is no address.`);
  const to = (values.to ?? []).map((address) => normaliseAddress(address));
  const bad = to.indexOf(undefined);
  if (bad >= 0) return wrong(`--to "${values.to?.[bad]}" is no address.`);
  const atMs = values.at === undefined ? nowMs : Date.parse(values.at);
  if (Number.isNaN(atMs)) return wrong(`--at "${values.at}" is no time: write it as 2026-12-24T18:00:00Z.`);
  return {
    kind: "arguments",
    arguments: {
      ...{ file, from, atMs },
      to: to.flatMap((address) => address ?? []),
      source: values.source ?? "127.0.0.1",
      policies: values.policies ?? null,
    },
  };
}

function tryParse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : "The arguments cannot be read.";
  }
}

function wrong(sentence: string): ParsedArguments {
  return { kind: "wrong", sentence };
}
