/**
 * What `npm start` prints when everything is ready: where things are, and how to send a first secure mail.
 */
import { demoPeople } from "../demo/seed.ts";
import type { Settings } from "../deployment/settings.ts";
import type { System } from "./system.ts";

/** The lines, in the order in which a newcomer needs them. */
export function welcome(settings: Settings, system: System): string {
  const { organisation } = settings;
  const { addresses, mailWebUrl } = system.stack;
  const sender = organisation.demo === null ? `you@${organisation.domains[0]}` : demoPeople[0]?.address;
  return [
    "",
    "Sealpost is ready.",
    `  Portal         ${addresses.portalUrl}`,
    `  Outgoing mail  ${mailWebUrl}   (everything that would leave for the world is caught here)`,
    `  SMTP           ${system.smtpUrl.replace("smtp://", "")}`,
    `  Supabase API   ${addresses.apiUrl}`,
    `  Postgres       127.0.0.1:${system.ports.database}`,
    ...demoLines(settings),
    "",
    "Send a first secure mail (copy, paste, press Enter):",
    "",
    firstMail(String(sender), organisation.name, system.ports.smtp),
    "",
    `Then read what Bob got at ${mailWebUrl}, and open his message with the temporary password in the other mail.`,
    "Ctrl-C ends everything and loses nothing.",
    "",
  ].join("\n");
}

function demoLines({ organisation }: Settings): string[] {
  if (organisation.demo === null) return [`  Domains        ${organisation.domains.join(", ")}`];
  const people = demoPeople.map((person) => person.address).join(" and ");
  return [`  Demo people    ${people}, password ${organisation.demo.password} (until they choose another)`];
}

/** A line for bash: printf makes the line ends that SMTP wants, and the date makes each mail a new one. */
function firstMail(sender: string, organisation: string, port: number): string {
  const lines = [
    `'From: ${sender}'`,
    "'To: bob@example.org'",
    "'Subject: [secure] Your results'",
    `"Date: $(date -R)"`,
    "''",
    `'Dear Bob, your results are in, and all is well.'`,
    `'${organisation.replaceAll("'", "")}'`,
  ];
  const mail = `printf '%s\\r\\n' ${lines.join(" ")}`;
  return `${mail} | curl -sS smtp://127.0.0.1:${port} --mail-from ${sender} --mail-rcpt bob@example.org -T -`;
}
