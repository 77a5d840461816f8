/**
 * What the writing page says. Pure.
 */
import type { ComposeStatus } from "./compose.ts";
import type { Draft } from "./draft.ts";

const MINUTE = 60;

export const HEADINGS: Record<Draft["kind"], string> = {
  new: "New message",
  reply: "Reply",
  "reply-all": "Reply all",
};

/** The problem in a sentence or two, with the mend; null where there is none. */
export function problemWords(status: ComposeStatus): string | null {
  switch (status.kind) {
    case "writing":
    case "sending":
    case "handed-in":
    case "discarded":
      return null;
    case "nobody":
      return "Say to whom it goes: add an address to “To”.";
    case "too-many":
      return "A message can go to 100 people. Remove some.";
    case "unfinished":
      return "An attachment is not uploaded yet. Wait until it is, or remove it.";
    case "too-long":
      return "The message is too long, or has too many attachments. Make it shorter.";
    case "limited":
      return `You have sent as many messages as you may in an hour. Send it again in ${minutes(status.seconds)}; until then it is kept here.`;
    case "upload-missing":
      return "An attachment is no longer on our server, so it is uploaded again. Send it again when that is done.";
    case "too-large":
      return "The message is too large. Remove an attachment, or shorten it.";
    case "offline":
      return "You are offline. The message is kept here: send it when you are connected.";
    case "failed":
      return "Our server did not take the message. It is kept here: send it again in a minute.";
    case "unanswered":
      return "The connection was lost while sending, so it may be on its way. Send it again to be sure: it goes out once.";
  }
}

function minutes(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds / MINUTE));
  return whole === 1 ? "1 minute" : `${whole} minutes`;
}
