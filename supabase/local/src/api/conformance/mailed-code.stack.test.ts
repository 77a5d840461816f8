/** Codes by mail, through a real SMTP server: they reach whom they are for, and open what a mailed code opens. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../children/port.ts";
import { type Outgoing, startOutgoing } from "../../outgoing/start.ts";
import { readToken } from "../auth/token.ts";
import { jwtSecret, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;
let outgoing: Outgoing;
let mailDir: string;

beforeAll(async () => {
  mailDir = await mkdtemp(join(tmpdir(), "sealpost-mail-"));
  const smtpPort = await freePort();
  outgoing = await startOutgoing({ smtpPort, webPort: await freePort(), mailDir });
  api = await temporaryApi({ smtpPort });
});

afterAll(async () => {
  await api.stop();
  await outgoing.stop();
  await rm(mailDir, { recursive: true, force: true });
});

type Mail = { text: string; to: { address: string }[] };

const mailsTo = async (address: string) => {
  const mails = (await (await fetch(`${outgoing.webUrl}/api/email`)).json()) as Mail[];
  return mails.filter(({ to }) => to.some((one) => one.address === address));
};

test("Ann is mailed a code, and it opens a session that says so", async () => {
  const ann = await api.person("ann");
  const device = api.anon();

  const asked = await device.auth.signInWithOtp({ email: ann.email });
  await expect.poll(() => mailsTo(ann.email), { timeout: 10_000 }).toHaveLength(1);
  const code = /\b\d{6}\b/.exec((await mailsTo(ann.email))[0]?.text ?? "")?.[0] ?? "";
  const wrong = await api.anon().auth.verifyOtp({ email: ann.email, token: "000000", type: "email" });
  const { data, error } = await device.auth.verifyOtp({ email: ann.email, token: code, type: "email" });

  expect(asked.error).toBeNull();
  expect(wrong.error?.code).toBe("otp_expired");
  expect(error).toBeNull();
  expect(readToken(data.session?.access_token ?? "", jwtSecret, Date.now())?.amr).toMatchObject([
    { method: "otp" },
  ]);
});

test("an address that nobody has is mailed nothing, and its owner learns nothing", async () => {
  const { error } = await api.anon().auth.resetPasswordForEmail("nobody@people.example");

  expect(error).toBeNull();
  expect(await mailsTo("nobody@people.example")).toEqual([]);
});
