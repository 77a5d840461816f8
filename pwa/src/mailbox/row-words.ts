/**
 * What a row of a list says. Pure.
 */
import type { Correspondent } from "@sealpost/shared/wire/header.ts";
import type { DeliveryRow } from "../backend/backend.ts";
import { type Locale, spokenTime } from "../time/words.ts";
import type { ListItem } from "./folder.ts";

export function nameOf(person: Correspondent): string {
  return person.name === "" ? person.address : person.name;
}

/** The sender; in Sent, the recipients. */
export function peopleOf(item: ListItem): string {
  const { row, header } = item;
  if (row.folder === "sent" && header.kind === "read") {
    const people = [...header.header.to, ...header.header.cc].map(nameOf);
    return people.length === 0 ? "To nobody in particular" : `To ${people.join(", ")}`;
  }
  if (row.folder === "sent") return "Sent message";
  if (header.kind === "read") return nameOf(header.header.from);
  return row.sender_name || row.sender_address;
}

/** The subject, or what stands in its place; null while it is being opened. */
export function subjectOf(item: ListItem): string | null {
  switch (item.header.kind) {
    case "pending":
      return null;
    case "read":
      return item.header.header.subject.trim() || "(no subject)";
    case "unreadable":
      return "This message cannot be opened with your key";
    case "gone":
      return "Secure message";
  }
}

/** The state now: a row that was readable when it was fetched expires on screen, too. */
export function stateOf(row: DeliveryRow, now: number): DeliveryRow["state"] {
  const over = row.expires_at !== null && Date.parse(row.expires_at) <= now;
  return row.state === "readable" && over ? "expired" : row.state;
}

/** "expired on 3 Nov at 10:42 · you opened it on 2 Nov at 9:00" */
export function tombstoneWords(row: DeliveryRow, now: number, locale: Locale): string {
  const said = (at: string): string => spokenTime(Date.parse(at), now, locale);
  const state = stateOf(row, now);
  const endedAt = row.ended_at ?? (state === "expired" ? row.expires_at : null);
  const ends: Record<DeliveryRow["state"], string> = {
    readable: "",
    expired: "expired",
    recalled: row.folder === "sent" ? "recalled by you" : "recalled by the sender",
    used: "opened as often as the sender allowed",
  };
  const end = endedAt === null ? ends[state] : `${ends[state]} ${said(endedAt)}`;
  if (row.folder === "sent") return end;
  if (row.first_opened_at === null) return `${end}, never opened`;
  return state === "used" ? end : `${end}, first opened ${said(row.first_opened_at)}`;
}
