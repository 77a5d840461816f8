import { expect, test } from "vitest";
import { isInternal, readOrganisation } from "./organisation.ts";

const definition = {
  ...{ name: "30-days", expire_after_ms: 1_000, print: true, reply: true, reply_all: true, download: true },
  ...{ receipt: false, watermark: false, view_limit: null, online_only: false, seal_for_everybody: false },
};
const answer = {
  organisation: "Acme",
  default_definition: "30-days",
  maximum_life_ms: null,
  inline_attachment_bytes: 262_144,
  domains: ["acme.example"],
  definitions: [definition],
};

test("what administrators set is read, and their people are known by domain", () => {
  const acme = readOrganisation(answer);

  expect(acme?.defaultDefinition).toMatchObject({ name: "30-days", expiresAfterMs: 1_000 });
  expect(acme && isInternal(acme, "ann@acme.example")).toBe(true);
  expect(acme && isInternal(acme, "eve@notacme.example")).toBe(false);
  expect(acme && isInternal(acme, "eve@sub.acme.example")).toBe(false);
});

test("a newer database, which knows more, does not stop a gateway that still runs on it", () => {
  const newer = { ...answer, moon: "full", definitions: [{ ...definition, colour: "red" }] };

  expect(readOrganisation(newer)).toEqual(readOrganisation(answer));
});

test("an answer that lacks something, or holds the wrong kind of it, is not half believed", () => {
  expect(readOrganisation({ ...answer, domains: undefined })).toBeUndefined();
  expect(readOrganisation({ ...answer, default_definition: "gone" })).toBeUndefined();
  expect(readOrganisation({ ...answer, definitions: [{ ...definition, print: "yes" }] })).toBeUndefined();
  expect(readOrganisation(null)).toBeUndefined();
});

test("where views are limited, openings are online", () => {
  const once = readOrganisation({ ...answer, definitions: [{ ...definition, view_limit: 1 }] });

  expect(once?.defaultDefinition.controls).toMatchObject({ viewLimit: 1, onlineOnly: true });
});
