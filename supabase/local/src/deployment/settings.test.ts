import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";

test("with nothing set, the demo of DESIGN.md is what starts", () => {
  const parsed = parseSettings({}, "/srv");

  expect(parsed).toEqual({
    kind: "settings",
    settings: {
      dataDir: "/srv/.sealpost",
      ports: { smtp: 2525, portal: 8080, api: 54321, database: 54322, mail: 1025, mailWeb: 1080 },
      organisation: {
        name: "Acme",
        domains: ["acme.example"],
        noticeDomain: "sealpost.acme.example",
        demo: { password: "lantern-Orchard-42-sail" },
      },
      nextHop: null,
    },
  });
});

test("an operator with domains of their own gets no demo people", () => {
  const parsed = parseSettings({ SEALPOST_DOMAINS: "Clinic.example, clinic.test" }, "/srv");

  expect(parsed).toMatchObject({
    settings: { organisation: { domains: ["clinic.example", "clinic.test"], demo: null } },
  });
});

test("an operator reads everything that is wrong at once, each with its variable and its mend", () => {
  const parsed = parseSettings(
    {
      SEALPOST_SMTP_PORT: "25a",
      SEALPOST_API_PORT: "70000",
      SEALPOST_MAIL_PORT: "8080",
      SEALPOST_DOMAINS: "acme",
      SEALPOST_NEXT_HOP: "mail.acme.example",
      SEALPOST_ORGANISATION: "Acme\nInc",
    },
    "/srv",
  );

  const problems = parsed.kind === "wrong" ? parsed.problems : [];
  const named = ["SMTP_PORT", "API_PORT", "MAIL_PORT", "DOMAINS", "NEXT_HOP", "ORGANISATION"];
  for (const variable of named) expect(problems.join("\n")).toContain(`SEALPOST_${variable}`);
  for (const problem of problems) expect(problem).toMatch(/^[^\n]+\.$/);
});

test("a demo password too short for the portal is refused without being repeated", () => {
  const parsed = parseSettings({ SEALPOST_DEMO_PASSWORD: "short-pw" }, "/srv");

  expect(parsed.kind).toBe("wrong");
  expect(JSON.stringify(parsed)).not.toContain("short-pw");
});
