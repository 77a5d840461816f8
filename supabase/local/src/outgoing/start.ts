/**
 * Outgoing mail, caught: MailDev takes what would leave for the world and shows it on a page and by `GET /api/email`.
 *
 * It stands for other people's mail servers, so what it keeps is in the clear, and lies outside the data folder.
 */
import { mkdir } from "node:fs/promises";
import { MailDev } from "maildev";

export type Outgoing = {
  readonly smtpUrl: string;
  readonly webUrl: string;
  stop(): Promise<void>;
};

/** Takes mail on loopback; `mailDir` keeps it over a restart. */
export async function startOutgoing(options: {
  smtpPort: number;
  webPort: number;
  mailDir: string;
}): Promise<Outgoing> {
  const { smtpPort, webPort, mailDir } = options;
  await mkdir(mailDir, { recursive: true, mode: 0o700 });
  const maildev = new MailDev({
    smtp: smtpPort,
    ip: "127.0.0.1",
    web: webPort,
    webIp: "127.0.0.1",
    silent: true,
    mailDirectory: mailDir,
  });
  await maildev.start();
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    webUrl: `http://localhost:${webPort}`,
    stop: () => maildev.stop(),
  };
}
