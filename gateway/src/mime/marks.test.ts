import { expect, test } from "vitest";
import { parseMail } from "./parse-mail.ts";

const [one, other] = ["2096f6a2-d2f7-48be-b329-b73aaa526e5d", "87ba5c36-b7cf-4793-bbc2-bd5b3a9f95ca"];

function mail(...headers: string[]) {
  return parseMail(Buffer.from(`${headers.join("\r\n")}\r\n\r\nx\r\n`));
}

test("a sensitivity label that Outlook set is known by its id; one that is not enabled is none", () => {
  const labelled = mail(
    `msip_labels: MSIP_Label_${one.toUpperCase()}_Enabled=True; MSIP_Label_${one}_Name=Confidential;`,
    ` MSIP_Label_${other}_Enabled=False; MSIP_Label_${other}_SiteId=${one}`,
  );

  expect(labelled.labels).toEqual([one]);
});

test("several labels, one of them folded, are all known", () => {
  const labelled = mail(
    `msip_labels: MSIP_Label_${one}_Enabled=true;`,
    ` MSIP_Label_${other}_Enabled =`,
    " true;",
  );

  expect(labelled.labels).toEqual([one, other]);
});

test("Outlook's sensitivity is read as it was set, and a mail without marks has none", () => {
  expect(mail("Sensitivity: Company-Confidential").sensitivity).toBe("Company-Confidential");
  expect(mail("Subject: x")).toMatchObject({ sensitivity: null, labels: [] });
});
