import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";

function keyPair() {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    privateKey: pair.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
    publicKey: pair.publicKey.export({ type: "spki", format: "der" }).subarray(-65).toString("base64"),
  };
}

const [signing, gateway, invite] = [keyPair(), keyPair(), keyPair()];
const good = {
  SEALPOST_DEPLOYMENT_ID: "0c9f8b0e-0f5a-4a52-8a5e-3f6f3a0d1b2c",
  SEALPOST_SIGNING_KEY: signing.privateKey,
  SEALPOST_SIGNING_PUBLIC_KEY: signing.publicKey,
  SEALPOST_GATEWAY_KEY: gateway.privateKey,
  SEALPOST_INVITE_PUBLIC_KEY: invite.publicKey,
  SEALPOST_MAC_KEY: Buffer.alloc(32, 1).toString("base64"),
  SEALPOST_MACHINE_EMAIL: "uploads@machine.invalid",
  SEALPOST_MACHINE_PASSWORD: "machine-secret",
  SEALPOST_DATABASE_URL: "postgresql://sealpost_gateway:db-secret@127.0.0.1:5432/postgres",
  SUPABASE_URL: "http://localhost:54321/",
  SUPABASE_ANON_KEY: "anon",
  SEALPOST_NOTICE_DOMAIN: "sealpost.acme.example",
  SEALPOST_NEXT_HOP: "smtp://relay:p%40ss@mail.acme.example:2587",
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  const parsed = parseConfig(env, "mx.acme.example");
  return parsed.kind === "wrong" ? parsed.problems : [];
}

test("an operator who sets what is needed gets the usual ports and functions", () => {
  const parsed = parseConfig(good, "mx.acme.example");

  expect(parsed).toMatchObject({
    kind: "config",
    config: {
      entrance: { smtpHost: "127.0.0.1", smtpPort: 2525, smtpsPort: null, certificateFiles: null },
      healthPort: null,
      nextHop: {
        host: "mail.acme.example",
        port: 2587,
        protocol: "smtp",
        tls: "where-possible",
        user: "relay",
        password: "p@ss",
      },
      supabase: { functionsUrl: "http://localhost:54321/functions/v1" },
      keys: { recoveryPublicKey: null },
    },
  });
});

test("an operator who sets nothing is told of everything at once, each in one line that names the variable", () => {
  const problems = problemsOf({});

  expect(problems.length).toBeGreaterThan(8);
  for (const problem of problems) expect(problem).toMatch(/^(SEALPOST|SUPABASE)_[A-Z_]+ [^\n]*\.$/);
});

test("without TLS the gateway does not open itself to the network, and does to loopback in any spelling", () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.5", "mail.acme.example"])
    expect(problemsOf({ ...good, SEALPOST_SMTP_HOST: host })).toHaveLength(1);
  for (const host of ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
    expect(problemsOf({ ...good, SEALPOST_SMTP_HOST: host })).toEqual([]);
});

test("with a certificate the gateway may open itself to the network, with half of one it may not", () => {
  const open = { ...good, SEALPOST_SMTP_HOST: "0.0.0.0", SEALPOST_SMTPS_PORT: "4465" };
  const tls = { SEALPOST_TLS_CERT: "/etc/tls/cert.pem", SEALPOST_TLS_KEY: "/etc/tls/key.pem" };

  expect(problemsOf({ ...open, ...tls })).toEqual([]);
  expect(problemsOf({ ...open, SEALPOST_TLS_CERT: tls.SEALPOST_TLS_CERT })).toEqual([
    expect.stringMatching(/SEALPOST_TLS_KEY is not/),
    expect.stringMatching(/^SEALPOST_SMTP_HOST /),
    expect.stringMatching(/^SEALPOST_SMTPS_PORT /),
  ]);
});

test("networks and limits that make no sense are named", () => {
  const nonsense = {
    SEALPOST_TRUSTED_NETWORKS: "10.0.0.0/8, 0.0.0.0/0",
    SEALPOST_PROXY_FROM: "balancer",
    SEALPOST_CLIENT_CONNECTIONS: "0",
    SEALPOST_CLIENT_MAILS_PER_MINUTE: "many",
  };

  const problems = problemsOf({ ...good, ...nonsense });

  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(Object.keys(nonsense));
});

test("the next hop's scheme says how mail is handed on", () => {
  const nextHop = (text: string) => {
    const parsed = parseConfig({ ...good, SEALPOST_NEXT_HOP: text }, "mx.acme.example");
    return parsed.kind === "config" ? parsed.config.nextHop : parsed.problems;
  };

  expect(nextHop("smtp+starttls://mail.acme.example")).toMatchObject({ tls: "starttls", port: 587 });
  expect(nextHop("smtps://u:p%40@mail.acme.example")).toMatchObject({
    tls: "from-the-start",
    port: 465,
    password: "p@",
  });
  expect(nextHop("lmtp://[::1]:2424")).toMatchObject({ protocol: "lmtp", host: "::1", port: 2424 });
  expect(nextHop("ftp://mail.acme.example")).toEqual([expect.stringMatching(/^SEALPOST_NEXT_HOP .*lmtp:/)]);
});

test("keys of two deployments mixed up are noticed", () => {
  const mixed = { ...good, SEALPOST_SIGNING_PUBLIC_KEY: gateway.publicKey };

  expect(problemsOf(mixed)).toEqual([expect.stringContaining("do not belong together")]);
});

test("no sentence repeats a secret", () => {
  const secrets = ["machine-secret", "db-secret", "p@ss", "not-base64-secret"];
  const problems = problemsOf({
    ...good,
    SEALPOST_MAC_KEY: "not-base64-secret",
    SEALPOST_SIGNING_KEY: "not-base64-secret",
    SEALPOST_DATABASE_URL: "mysql://u:db-secret@x/y",
    SEALPOST_NEXT_HOP: "http://relay:p%40ss@x",
    SEALPOST_SMTP_PORT: "99999",
  });

  expect(problems).toHaveLength(5);
  for (const secret of secrets) expect(problems.join()).not.toContain(secret);
});
