/**
 * The mail with the temporary password: why it comes, the password alone on its line, how long it works. It names no sender and
 * no message, and leads to the portal's front page only, so that nobody who finds it gets further than that.
 */
import { code, framed, link, paragraph, smallHeading, steps } from "./frame.ts";
import { html } from "./html.ts";
import { type Letter, oneLine, plainText } from "./letter.ts";
import type { PasswordFacts, Words } from "./words.ts";

export interface TemporaryPassword {
  readonly organisation: string;
  readonly recipient: string;
  /** A recipient was sent a message; a colleague (an internal account) may only have sent one. */
  readonly whom: "recipient" | "colleague";
  readonly password: string;
  readonly lifeSeconds: number;
  readonly until: Date;
  readonly portal: URL;
}

const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 254;

export function temporaryPasswordLetter(given: TemporaryPassword, words: Words): Letter {
  const { whom, lifeSeconds, until } = given;
  const say = words.password;
  const facts: PasswordFacts = {
    organisation: oneLine(given.organisation, LONGEST_NAME),
    recipient: oneLine(given.recipient, LONGEST_ADDRESS),
    portal: given.portal.origin,
    lifeSeconds,
    until,
  };
  const text = plainText([
    say.heading,
    say.why(facts, whom),
    given.password,
    say.life(facts),
    say.typing,
    [
      say.stepsHeading,
      `1. ${say.stepOpen} ${facts.portal}`,
      `2. ${say.stepAddress(facts)}`,
      `3. ${say.stepPassword}`,
    ].join("\n"),
    [say.careHeading, ...say.care(facts, whom)].join("\n"),
    `--\n${say.footer(facts).join("\n")}`,
  ]);
  const subject = say.subject(facts);
  return { subject, text, html: htmlOf({ given, words, facts, subject }) };
}

function htmlOf(parts: {
  readonly given: TemporaryPassword;
  readonly words: Words;
  readonly facts: PasswordFacts;
  readonly subject: string;
}): string {
  const { given, words, facts, subject } = parts;
  const say = words.password;
  return framed({
    language: words.language,
    organisation: facts.organisation,
    subject,
    preview: say.preview(facts),
    heading: say.heading,
    blocks: [
      paragraph(say.why(facts, given.whom)),
      code(given.password),
      paragraph(say.life(facts)),
      paragraph(say.typing),
      smallHeading(say.stepsHeading),
      steps([html`${say.stepOpen} ${link(facts.portal)}`, say.stepAddress(facts), say.stepPassword]),
      smallHeading(say.careHeading),
      ...say.care(facts, given.whom).map(paragraph),
    ],
    footer: say.footer(facts),
  });
}
