/** What the kicked functions that send mail work with, from the environment. */
import { type Environment, HTTP } from "./environment.ts";
import { type Postman, postman } from "./outgoing-mail.ts";

export interface MailEnvironment {
  readonly portal: URL;
  /** A postman for one kick; whoever asks for one closes it. */
  readonly newPostman: () => Postman;
}

export function mailEnvironment(environment: Environment): MailEnvironment {
  const smtpUrl = environment.url("SEALPOST_SMTP_URL", ["smtp:", "smtps:"]);
  const noticeDomain = environment.domain("SEALPOST_NOTICE_DOMAIN");
  const portal = environment.url("SEALPOST_PORTAL_URL", HTTP);
  return { portal, newPostman: () => postman(smtpUrl, noticeDomain) };
}
