/**
 * What the operator of the embedded stack may choose, read once from the environment.
 *
 * Everything that is wrong is said at once, each in one sentence that names the variable and the mend.
 */
import { resolve } from "node:path";
import { isDomain, isOneLine } from "./words.ts";

/** The ports that `npm start` opens, each on loopback. */
export type Ports = {
  readonly smtp: number;
  readonly portal: number;
  readonly api: number;
  readonly database: number;
  readonly mail: number;
  readonly mailWeb: number;
};

/** Who the organisation is. `demo` is null where the operator named domains of their own. */
export type Organisation = {
  readonly name: string;
  readonly domains: readonly string[];
  readonly noticeDomain: string;
  readonly demo: { readonly password: string } | null;
};

export type Settings = {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly organisation: Organisation;
  /** Where the gateway hands mail on; null for the embedded mail catcher. */
  readonly nextHop: string | null;
};

export type Parsed =
  | { kind: "settings"; settings: Settings }
  | { kind: "wrong"; problems: readonly string[] };

/** Variable and default of each port, for parsing and for messages. */
export const portVariables = {
  smtp: ["SEALPOST_SMTP_PORT", 2525],
  portal: ["SEALPOST_PORTAL_PORT", 8080],
  api: ["SEALPOST_API_PORT", 54321],
  database: ["SEALPOST_DB_PORT", 54322],
  mail: ["SEALPOST_MAIL_PORT", 1025],
  mailWeb: ["SEALPOST_MAIL_WEB_PORT", 1080],
} as const satisfies Record<keyof Ports, readonly [string, number]>;

export const portNames = Object.keys(portVariables) as (keyof Ports)[];

/** The domain of the demo people. */
export const demoDomain = "acme.example";

type Environment = Readonly<Record<string, string | undefined>>;
type Problems = string[];

/** Reads the variables of DESIGN.md section 6; `cwd` is where a relative data folder starts. */
export function parseSettings(env: Environment, cwd: string): Parsed {
  const problems: Problems = [];
  const ports = readPorts(env, problems);
  const organisation = readOrganisation(env, problems);
  const nextHop = readNextHop(env, problems);
  const dataDir = resolve(cwd, env.SEALPOST_DATA?.trim() || ".sealpost");
  if (problems.length > 0) return { kind: "wrong", problems };
  return { kind: "settings", settings: { dataDir, ports, organisation, nextHop } };
}

function readPorts(env: Environment, problems: Problems): Ports {
  const owners = new Map<number, string>();
  const read = (name: keyof Ports): number => {
    const [variable, usual] = portVariables[name];
    const text = env[variable]?.trim() || String(usual);
    const port = Number(text);
    if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
      problems.push(
        `${variable} is "${text}", but must be a port from 1 to 65535: set it to a free one such as ${usual}.`,
      );
      return usual;
    }
    const owner = owners.get(port);
    if (owner !== undefined)
      problems.push(`${owner} and ${variable} are both ${port}: give each a port of its own.`);
    owners.set(port, variable);
    return port;
  };
  return {
    smtp: read("smtp"),
    portal: read("portal"),
    api: read("api"),
    database: read("database"),
    mail: read("mail"),
    mailWeb: read("mailWeb"),
  };
}

function readOrganisation(env: Environment, problems: Problems): Organisation {
  const own = (env.SEALPOST_DOMAINS ?? "")
    .split(",")
    .map((domain) => domain.trim().toLowerCase())
    .filter((domain) => domain !== "");
  for (const domain of own.filter((domain) => !isDomain(domain))) {
    problems.push(
      `SEALPOST_DOMAINS holds "${domain}", which is no mail domain: write names such as acme.example, separated by commas.`,
    );
  }
  const domains = own.length > 0 ? own : [demoDomain];
  const noticeDomain = env.SEALPOST_NOTICE_DOMAIN?.trim().toLowerCase() || `sealpost.${domains[0]}`;
  if (!isDomain(noticeDomain)) {
    problems.push(
      `SEALPOST_NOTICE_DOMAIN is "${noticeDomain}", which is no mail domain: write a name such as sealpost.acme.example.`,
    );
  }
  const name = env.SEALPOST_ORGANISATION?.trim() || (own.length > 0 ? domains[0] : undefined) || "Acme";
  if (!isOneLine(name, 80)) {
    problems.push("SEALPOST_ORGANISATION must be one line of at most 80 characters: shorten it.");
  }
  const demo = own.length > 0 ? null : { password: readDemoPassword(env, problems) };
  return { name, domains, noticeDomain, demo };
}

const shortestPassword = 12; // as the portal asks of everybody

function readDemoPassword(env: Environment, problems: Problems): string {
  const password = env.SEALPOST_DEMO_PASSWORD || "lantern-Orchard-42-sail";
  if (password.length < shortestPassword || !isOneLine(password, 128)) {
    problems.push(
      `SEALPOST_DEMO_PASSWORD must be one line of ${shortestPassword} to 128 characters: choose another, or unset it.`,
    );
  }
  return password;
}

function readNextHop(env: Environment, problems: Problems): string | null {
  const text = env.SEALPOST_NEXT_HOP?.trim() || null;
  const url = text === null ? null : URL.parse(text);
  if (
    text !== null &&
    (url === null || !/^(smtps?|smtp\+starttls|lmtp):$/.test(url.protocol) || url.hostname === "")
  ) {
    problems.push(
      "SEALPOST_NEXT_HOP must be the address of a mail server, such as smtp://mail.acme.example:25.",
    );
  }
  return text;
}
