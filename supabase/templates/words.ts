/**
 * What our mails say, as a shape that each language fills. Sentences are whole, with their data as arguments: no language puts
 * them together in another's order.
 */

/** Names, addresses and times as they are shown: one line each, no longer than fits. */
export interface NoticeFacts {
  readonly organisation: string;
  readonly sender: string;
  readonly senderAddress: string;
  readonly recipient: string;
  readonly portal: string;
}

export interface NoticeWords {
  subject(facts: NoticeFacts): string;
  heading(facts: NoticeFacts): string;
  preview(facts: NoticeFacts): string;
  readonly from: string;
  readonly to: string;
  readonly until: string;
  untilTime(time: Date): string;
  readonly untilNever: string;
  views(count: number): string;
  readonly phrase: string;
  whatItIs(facts: NoticeFacts): string;
  readonly button: string;
  readonly writtenOut: string;
  readonly firstTimeHeading: string;
  firstTime(facts: NoticeFacts): string;
  readonly genuineHeading: string;
  genuine(facts: NoticeFacts): readonly string[];
  footer(facts: NoticeFacts): readonly string[];
}

export interface PasswordFacts {
  readonly organisation: string;
  readonly recipient: string;
  readonly portal: string;
  readonly lifeSeconds: number;
  readonly until: Date;
}

export interface PasswordWords {
  subject(facts: PasswordFacts): string;
  readonly heading: string;
  preview(facts: PasswordFacts): string;
  /** Why it comes: to somebody who was sent a message, or to a colleague who sends them. */
  why(facts: PasswordFacts, whom: "recipient" | "colleague"): string;
  readonly label: string;
  life(facts: PasswordFacts): string;
  readonly typing: string;
  readonly stepsHeading: string;
  readonly stepOpen: string;
  stepAddress(facts: PasswordFacts): string;
  readonly stepPassword: string;
  readonly careHeading: string;
  care(facts: PasswordFacts, whom: "recipient" | "colleague"): readonly string[];
  footer(facts: PasswordFacts): readonly string[];
}

export interface Words {
  /** BCP 47. */
  readonly language: string;
  readonly notice: NoticeWords;
  readonly password: PasswordWords;
}
