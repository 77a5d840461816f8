/**
 * What SMTP is told: a code, an enhanced status (RFC 3463), and a sentence for people.
 */

export type Answer = {
  readonly code: number;
  /** With the enhanced status code in front, as in "2.0.0 Stored". One line of ASCII or UTF-8. */
  readonly text: string;
};

export function accepted(text: string): Answer {
  return { code: 250, text: `2.0.0 ${text}` };
}

/** Come again: something here is away or overloaded. */
export function tryLater(sentence: string, status: "4.3.0" | "4.3.1" | "4.4.1" = "4.3.0"): Answer {
  return { code: status === "4.3.1" ? 452 : 451, text: `${status} ${sentence}` };
}

/** Come again: it is too much of one client or sender for now. */
export function tooMuch(code: 421 | 450 | 452 | 454, text: `4.${string}`): Answer {
  return { code, text };
}

export function refused(code: 530 | 535 | 550 | 552 | 553 | 554, text: string): Answer {
  return { code, text };
}

/** As smtp-server takes a refusal: an error with the code. */
export class Refusal extends Error {
  readonly responseCode: number;
  constructor(answer: Answer) {
    super(answer.text);
    this.name = "Refusal";
    this.responseCode = answer.code;
  }
}
