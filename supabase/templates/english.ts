/** Our mails in English: short, concrete, the reader's view. Times name their zone, since nobody knows the reader's. */
import type { NoticeWords, PasswordWords, Words } from "./words.ts";

const notice: NoticeWords = {
  subject: ({ sender, organisation }) => `${sender} (${organisation}) sent you a secure message`,
  heading: ({ sender }) => `${sender} sent you a secure message`,
  preview: ({ senderAddress, recipient }) => `From ${senderAddress} to ${recipient}. Sign in to read it.`,
  from: "From",
  to: "Sent to",
  until: "You can read it until",
  untilTime: timeWords,
  untilNever: "It does not expire",
  views: (count) => (count === 1 ? "It opens one time only." : `It opens ${count} times.`),
  phrase: "Your personal phrase",
  whatItIs: ({ organisation }) =>
    `The message is not in this mail. ${organisation} keeps it encrypted, and you read it in your browser after you sign in.`,
  button: "Read the message",
  writtenOut: "If the button does not work, copy this address into your browser:",
  firstTimeHeading: "Your first time here",
  firstTime: ({ recipient }) =>
    `You sign in with ${recipient} and a temporary password, which comes to the same address in a separate mail. You then choose a password of your own. You need not install or pay for anything.`,
  genuineHeading: "How to check that this mail is genuine",
  genuine: ({ sender, senderAddress, portal }) => [
    `You need not click. Type ${portal} into your browser and sign in there: the message is in your inbox.`,
    `If you do not know ${sender === senderAddress ? "the sender" : sender}, or did not expect this, ask them first, by telephone or at an address that you already have.`,
    "We never ask for a password by mail, and nobody should ask you for it.",
  ],
  footer: ({ organisation, sender, recipient }) => [
    `${organisation} sent this mail to ${recipient} because ${sender} wrote to you.`,
    "To answer, sign in and reply there. A reply to this mail does not reach the sender.",
  ],
};

const password: PasswordWords = {
  subject: ({ organisation }) => `Your temporary password for ${organisation} secure messages`,
  heading: "Your temporary password",
  preview: ({ lifeSeconds }) => `It works for ${lifeWords(lifeSeconds)}, once: you then choose your own.`,
  why: ({ organisation }, whom) =>
    whom === "recipient"
      ? `Somebody at ${organisation} sent you a secure message. A notice that names the sender comes in a separate mail. To read the message, sign in with your e-mail address and this temporary password:`
      : `You sent your first secure message through ${organisation}, or were sent one. To read your messages, and to see when they are opened, sign in with your e-mail address and this temporary password:`,
  label: "Temporary password",
  life: ({ lifeSeconds, until }) =>
    `It works for ${lifeWords(lifeSeconds)}, until ${timeWords(until)}. When you sign in for the first time, you replace it with a password of your own.`,
  typing:
    "Capital or small letters, spaces and dashes do not matter. If you have had an earlier one, only this one works.",
  stepsHeading: "How to sign in",
  stepOpen: "Open",
  stepAddress: ({ recipient }) => `Enter your e-mail address, ${recipient}, and choose Next.`,
  stepPassword: "Enter the temporary password, then choose a password of your own.",
  careHeading: "Keep it to yourself",
  care: ({ organisation }, whom) => [
    `Nobody will ask you for this password: not ${organisation}, not the sender, not by mail, telephone or chat.`,
    whom === "recipient"
      ? "If you did not expect this, ignore it: without you nobody can read the message."
      : "If you did not expect this, ignore it: without you nobody can read your messages.",
  ],
  footer: ({ organisation, recipient }) => [`${organisation} sent this mail to ${recipient}.`],
};

export const english: Words = { language: "en", notice, password };

/** "Tuesday 1 December 2026, 10:42 UTC". */
function timeWords(time: Date): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${part.weekday} ${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute} UTC`;
}

function lifeWords(seconds: number): string {
  const hours = Math.max(1, Math.floor(seconds / 3600));
  if (hours < 48) return hours === 1 ? "one hour" : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}
