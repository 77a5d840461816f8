/**
 * The organisation as its administrators set it up in the dashboard: domains, definitions, limits.
 *
 * Read from `private.gateway_config`, checked once here, then trusted.
 */
import { domainOf } from "@sealpost/shared/address.ts";
import { type Definition, findDefinition } from "@sealpost/shared/policy/definition.ts";
import {
  claim,
  list,
  nullable,
  optional,
  record,
  type Shape,
  text,
  whole,
} from "@sealpost/shared/wire/shape.ts";

export type Organisation = {
  readonly name: string;
  readonly domains: ReadonlySet<string>;
  readonly definitions: readonly Definition[];
  readonly defaultDefinition: Definition;
  /** Of mail that Outlook marked Company-Confidential; null where that mark means nothing. */
  readonly confidentialDefinition: Definition | null;
  /** How long a held mail waits for its reviewers. */
  readonly reviewMs: number;
  /** The longest that a message may be readable; null for no limit. */
  readonly maximumLifeMs: number | null;
  /** Encrypted attachments up to this size lie beside the message. */
  readonly inlineAttachmentBytes: number;
};

/** Whether a *normalised* address is one of the organisation's own. */
export function isInternal(organisation: Organisation, address: string): boolean {
  return organisation.domains.has(domainOf(address));
}

type DefinitionRow = {
  readonly name: string;
  readonly expire_after_ms: number | null;
  readonly print: boolean;
  readonly reply: boolean;
  readonly reply_all: boolean;
  readonly download: boolean;
  readonly receipt: boolean;
  readonly watermark: boolean;
  readonly view_limit: number | null;
  readonly online_only: boolean;
  readonly seal_for_everybody: boolean;
  readonly tell_sender_secured?: boolean;
  readonly label?: string | null;
};

type ConfigRow = {
  readonly organisation: string;
  readonly default_definition: string;
  readonly confidential_definition?: string | null;
  readonly review_time_ms?: number;
  readonly maximum_life_ms: number | null;
  readonly inline_attachment_bytes: number;
  readonly domains: readonly string[];
  readonly definitions: readonly DefinitionRow[];
};

const centuryMs = 3_155_760_000_000;
const usualReviewMs = 7 * 86_400_000;

const definitionRow = known<DefinitionRow>({
  name: text(100),
  expire_after_ms: nullable(whole(1, centuryMs)),
  print: claim,
  reply: claim,
  reply_all: claim,
  download: claim,
  receipt: claim,
  watermark: claim,
  view_limit: nullable(whole(1, 2_147_483_647)),
  online_only: claim,
  seal_for_everybody: claim,
  tell_sender_secured: optional(claim),
  label: optional(nullable(text(36))),
});

const configRow = known<ConfigRow>({
  organisation: text(200),
  default_definition: text(100),
  confidential_definition: optional(nullable(text(100))),
  review_time_ms: optional(whole(1, centuryMs)),
  maximum_life_ms: nullable(whole(1, centuryMs)),
  inline_attachment_bytes: whole(0, 1_048_576),
  domains: list(text(300), 10_000),
  definitions: list(definitionRow, 1_000),
});

/** Reads the answer of `private.gateway_config`; undefined where it does not have the shape that this gateway knows. */
export function readOrganisation(answer: unknown): Organisation | undefined {
  const read = configRow(answer, "config");
  if (read.kind === "malformed") return undefined;
  const row = read.value;
  const definitions = row.definitions.map(toDefinition);
  const defaultDefinition = findDefinition(definitions, row.default_definition);
  if (defaultDefinition === undefined) return undefined;
  return {
    name: row.organisation,
    domains: new Set(row.domains),
    definitions,
    defaultDefinition,
    confidentialDefinition: findDefinition(definitions, row.confidential_definition ?? "") ?? null,
    reviewMs: row.review_time_ms ?? usualReviewMs,
    maximumLifeMs: row.maximum_life_ms,
    inlineAttachmentBytes: row.inline_attachment_bytes,
  };
}

/** A record whose other fields are left alone: a database may be newer than the gateways that still run on it. */
function known<T extends object>(fields: Parameters<typeof record<T>>[0]): Shape<T> {
  const strict = record<T>(fields);
  return (value, path) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const entries = isObject ? Object.entries(value).filter(([name]) => Object.hasOwn(fields, name)) : [];
    return strict(isObject ? Object.fromEntries(entries) : value, path);
  };
}

function toDefinition(row: DefinitionRow): Definition {
  return {
    name: row.name,
    expiresAfterMs: row.expire_after_ms,
    sealsForEverybody: row.seal_for_everybody,
    tellsSender: row.tell_sender_secured ?? false,
    label: row.label?.toLowerCase() ?? null,
    controls: {
      print: row.print,
      download: row.download,
      reply: row.reply,
      replyAll: row.reply_all,
      receipt: row.receipt,
      watermark: row.watermark,
      viewLimit: row.view_limit,
      onlineOnly: row.online_only || row.view_limit !== null,
    },
  };
}
