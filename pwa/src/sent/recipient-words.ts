/**
 * What became of a message at one recipient, as steps in words. Pure.
 */
import type { RecipientRow } from "../backend/backend.ts";
import { type Locale, spokenTime } from "../time/words.ts";

export interface Step {
  name: string;
  done: boolean;
  /** "today at 10:42", "not yet". */
  when: string;
}

export type Tone = "good" | "plain" | "bad";

export interface RecipientWords {
  /** The one thing to know, first. */
  summary: string;
  tone: Tone;
  steps: Step[];
  /** What went wrong with the notice, and what to do. */
  trouble: string | null;
}

export function recipientWords(row: RecipientRow, now: number, locale: Locale): RecipientWords {
  const said = (at: string | null): string | null =>
    at === null ? null : spokenTime(Date.parse(at), now, locale);
  if (row.channel === "mail") return ordinaryMail(said(row.stored_at));
  const trouble = noticeTrouble(row);
  const step = (name: string, at: string | null): Step => ({
    name,
    done: at !== null,
    when: said(at) ?? "not yet",
  });
  const notified = step("Notified", row.notified_at);
  const steps = [
    step("Stored", row.stored_at),
    trouble === null ? notified : { ...notified, done: false, when: "did not arrive" },
    step("Delivered", row.delivered_at ?? row.first_opened_at),
    step("Opened", row.first_opened_at),
  ];
  return { ...summaryOf(row, said, trouble), steps, trouble };
}

function ordinaryMail(when: string | null): RecipientWords {
  return {
    summary: "Got it as ordinary mail, inside your organisation",
    tone: "plain",
    steps: [{ name: "Passed on", done: when !== null, when: when ?? "not yet" }],
    trouble: null,
  };
}

type Said = (at: string | null) => string | null;

function summaryOf(
  row: RecipientRow,
  said: Said,
  trouble: string | null,
): Pick<RecipientWords, "summary" | "tone"> {
  const opened = row.first_opened_at === null ? null : openedWords(row, said);
  if (row.recalled_at !== null) {
    const end = opened === null ? "without having been opened" : `but it was ${lower(opened)}`;
    return { summary: `Recalled ${said(row.recalled_at)}, ${end}`, tone: "plain" };
  }
  if (row.expired_at !== null && opened === null) {
    return { summary: `Expired unread ${said(row.expired_at)}`, tone: "bad" };
  }
  if (opened !== null) return { summary: opened, tone: "good" };
  if (trouble !== null) return { summary: "The notice did not arrive", tone: "bad" };
  return { summary: row.notified_at === null ? "Not notified yet" : "Not opened yet", tone: "plain" };
}

function openedWords(row: RecipientRow, said: Said): string {
  const first = `Opened ${said(row.first_opened_at)}`;
  if (row.open_count <= 1) return first;
  return `${first}, ${row.open_count} times in all, last ${said(row.last_opened_at)}`;
}

/** The states of a notice that mean that no mail will arrive without somebody acting. */
function noticeTrouble(row: RecipientRow): string | null {
  if (row.notice_state === "bounced" || row.bounced_at !== null) {
    return "Their mail server sent the notice back. Check the address, then send the message again.";
  }
  if (row.notice_state === "failed") {
    return "The notice could not be handed to their mail server. Check the address, or ask your administrator.";
  }
  return null;
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
