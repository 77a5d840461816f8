/**
 * The notice: a secure message is there. It says who, to whom, until when, and how to check that it is genuine; never a subject
 * or a word of the content. Its link opens nothing before sign-in.
 */
import { button, facts, framed, note, paragraph, smallHeading } from "./frame.ts";
import { type Letter, oneLine, plainText } from "./letter.ts";
import type { NoticeFacts, Words } from "./words.ts";

export interface Notice {
  readonly organisation: string;
  readonly senderName: string | null;
  readonly senderAddress: string;
  readonly recipient: string;
  /** Null: it does not expire. */
  readonly expiresAt: Date | null;
  /** How often it may be opened; null: as often as wanted. */
  readonly viewLimit: number | null;
  readonly phrase: string | null;
  /** The recipient has not signed in yet: a temporary password comes in a mail of its own. */
  readonly firstContact: boolean;
  readonly portal: URL;
  readonly deliveryId: string;
}

/** Longer names are cut: a subject line should be read at a glance. */
const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 254;

export function noticeLetter(notice: Notice, words: Words): Letter {
  const shown = factsOf(notice);
  const say = words.notice;
  const url = new URL(`/m/${notice.deliveryId}`, notice.portal).href;
  const until = notice.expiresAt === null ? undefined : say.untilTime(notice.expiresAt);
  const views = notice.viewLimit === null ? undefined : say.views(notice.viewLimit);
  const subject = say.subject(shown);
  const text = plainText([
    say.heading(shown),
    ...(notice.phrase === null ? [] : [`${say.phrase}:\n    ${oneLine(notice.phrase, LONGEST_NAME)}`]),
    [
      `${say.from}: ${nameAndAddress(shown)}`,
      `${say.to}: ${shown.recipient}`,
      until === undefined ? `${say.untilNever}.` : `${say.until}: ${until}`,
      ...(views === undefined ? [] : [views]),
    ].join("\n"),
    say.whatItIs(shown),
    `${say.button}:\n${url}`,
    ...(notice.firstContact ? [`${say.firstTimeHeading}\n${say.firstTime(shown)}`] : []),
    [say.genuineHeading, ...say.genuine(shown).map((sentence) => `- ${sentence}`)].join("\n"),
    `--\n${say.footer(shown).join("\n")}`,
  ]);
  return { subject, text, html: htmlOf({ notice, words, shown, url, until, views, subject }) };
}

interface Shown {
  readonly notice: Notice;
  readonly words: Words;
  readonly shown: NoticeFacts;
  readonly url: string;
  readonly until: string | undefined;
  readonly views: string | undefined;
  readonly subject: string;
}

function htmlOf({ notice, words, shown, url, until, views, subject }: Shown): string {
  const say = words.notice;
  const expiry =
    until === undefined ? { name: say.until, value: say.untilNever } : { name: say.until, value: until };
  const from =
    shown.sender === shown.senderAddress
      ? { name: say.from, value: shown.senderAddress }
      : { name: say.from, value: shown.sender, more: shown.senderAddress };
  return framed({
    language: words.language,
    organisation: shown.organisation,
    subject,
    preview: say.preview(shown),
    heading: say.heading(shown),
    blocks: [
      ...(notice.phrase === null ? [] : [note(say.phrase, oneLine(notice.phrase, LONGEST_NAME))]),
      facts([
        from,
        { name: say.to, value: shown.recipient },
        views === undefined ? expiry : { ...expiry, more: views },
      ]),
      paragraph(say.whatItIs(shown)),
      button(say.button, url, say.writtenOut),
      ...(notice.firstContact ? [smallHeading(say.firstTimeHeading), paragraph(say.firstTime(shown))] : []),
      smallHeading(say.genuineHeading),
      ...say.genuine(shown).map(paragraph),
    ],
    footer: say.footer(shown),
  });
}

function factsOf(notice: Notice): NoticeFacts {
  const senderAddress = oneLine(notice.senderAddress, LONGEST_ADDRESS);
  const sender = oneLine(notice.senderName ?? "", LONGEST_NAME);
  return {
    organisation: oneLine(notice.organisation, LONGEST_NAME),
    sender: sender === "" ? senderAddress : sender,
    senderAddress,
    recipient: oneLine(notice.recipient, LONGEST_ADDRESS),
    portal: notice.portal.origin,
  };
}

function nameAndAddress({ sender, senderAddress }: NoticeFacts): string {
  return sender === senderAddress ? senderAddress : `${sender} <${senderAddress}>`;
}
