/**
 * SASL (RFC 4954): the answer to AUTH PLAIN and AUTH LOGIN.
 */
import type {
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerSession,
} from "smtp-server";
import type { SignIn } from "../credentials/sign-in.ts";
import { type Answer, refused, tooMuch } from "./answer.ts";

/** The session's user becomes the credential; a refusal says nothing about which part was wrong. */
export async function answerSignIn(
  signIn: SignIn,
  { username = "", password }: SMTPServerAuthentication,
  session: SMTPServerSession,
): Promise<SMTPServerAuthenticationResponse> {
  const clientAddress = session.remoteAddress;
  const signedIn = await signIn({ login: username, password: password ?? "", clientAddress });
  switch (signedIn.kind) {
    case "signed-in":
      return { user: signedIn.credential };
    case "refused":
      return said(refused(535, "5.7.8 Login and password do not belong together"));
    case "locked":
      return said(tooMuch(454, "4.7.0 Too many sign-ins that failed, try again in a quarter of an hour"));
    case "away":
      return said(tooMuch(454, "4.3.0 Nobody can sign in at the moment, try again later"));
  }
}

function said({ code, text }: Answer): SMTPServerAuthenticationResponse {
  return { responseCode: code, message: text };
}
