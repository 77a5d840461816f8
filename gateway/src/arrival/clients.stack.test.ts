import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { makeTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { insider, outsider } from "../testing/correspondence.ts";
import { freePort, type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { giveLogin } from "../testing/smtp-login.ts";

const stack = inject("stack");
const password = randomBytes(12).toString("hex");
const login = (...addresses: string[]) => giveLogin(stack.databaseUrls.superuser, password, addresses);
let certificate: TestCertificate;
let gateway: GatewayProcess;
let smtpsPort: number;

beforeAll(async () => {
  certificate = await makeTestCertificate("localhost");
  smtpsPort = await freePort();
  gateway = await startGatewayProcess(stack, {
    SEALPOST_TLS_CERT: certificate.cert,
    SEALPOST_TLS_KEY: certificate.key,
    SEALPOST_SMTPS_PORT: String(smtpsPort),
    SEALPOST_TRUSTED_NETWORKS: "none",
  });
});
afterAll(async () => {
  await gateway.stop();
  await certificate.remove();
});

/** Exit code and output; a client that refuses is no error of ours. */
function run(command: string, args: readonly string[], input = ""): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(command, args, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}

test.runIf(existsSync("/usr/bin/curl"))("curl signs in over both kinds of TLS", async () => {
  const ann = insider("ann");
  const user = `${await login(ann)}:${password}`;
  const common = ["-sS", "--crlf", "--cacert", certificate.cert, "--user", user, "--mail-from", ann];
  const mail = `From: ${ann}\nSubject: [secure] x\n\nHello\n`;
  const to = ["--mail-rcpt", outsider("bob"), "--upload-file", "-"];

  const ways = [[`smtp://localhost:${gateway.port}`, "--ssl-reqd"], [`smtps://localhost:${smtpsPort}`]];
  for (const way of ways)
    expect(await run("/usr/bin/curl", [...common, ...way, ...to], mail)).toEqual({ code: 0, said: "" });
});

test.runIf(existsSync("/usr/bin/python3"))(
  "Python's smtplib signs in, and is told why it may not",
  async () => {
    const [ann, bob] = [insider("ann"), outsider("bob")];
    const script = `
import smtplib, ssl, sys
host, port, login, password, ann, bob, cert = sys.argv[1:]
with smtplib.SMTP(host, int(port)) as smtp:
    smtp.starttls(context=ssl.create_default_context(cafile=cert))
    try: smtp.sendmail(ann, [bob], "From: %s\\r\\nSubject: [secure] x\\r\\n\\r\\nx" % ann)
    except smtplib.SMTPException as error: print(error)
    smtp.login(login, password)
    print(smtp.sendmail(ann, [bob], "From: %s\\r\\nSubject: [secure] x\\r\\n\\r\\nx" % ann))
`;

    const args = [
      "-c",
      script,
      "localhost",
      String(gateway.port),
      await login(ann),
      password,
      ann,
      bob,
      certificate.cert,
    ];
    const { code, said } = await run("/usr/bin/python3", args);

    expect(said).toMatch(/530, b.5\.7\.0[\s\S]*\{\}/);
    expect(code).toBe(0);
  },
);

test.runIf(existsSync("/usr/bin/swaks"))("swaks signs in over STARTTLS and TLS", async () => {
  const ann = insider("ann");
  const annsLogin = await login(ann);
  const common = [
    "--from",
    ann,
    "--to",
    outsider("bob"),
    "--auth-user",
    annsLogin,
    "--auth-password",
    password,
  ];

  for (const way of [
    ["-tls", "--server", `127.0.0.1:${gateway.port}`],
    ["-tlsc", "--server", `127.0.0.1:${smtpsPort}`],
  ]) {
    const { code, said } = await run("/usr/bin/swaks", [
      ...common,
      "--header",
      "Subject: [secure] x",
      ...way,
    ]);
    expect(said).toMatch(/<~ {2}250 2\.0\.0/);
    expect(code).toBe(0);
  }
});
