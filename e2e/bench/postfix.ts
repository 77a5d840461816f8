/**
 * The anchor: Postfix from Debian's package, an instance of its own on a loopback port, that answers 250 once the mail is
 * durably in its queue, and throws it away behind that.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answering, freePort, run } from "./process.ts";

export type Anchor = { readonly port: number; readonly version: string; stop(): Promise<void> };

/** Undefined where Postfix is neither there nor can be installed. */
export async function startPostfix(): Promise<Anchor | undefined> {
  if (!existsSync("/usr/sbin/postfix") && !(await install())) return undefined;
  if (process.getuid?.() !== 0) return undefined; // its master insists
  const folder = await mkdtemp("/var/tmp/sealpost-postfix-");
  const port = await freePort();
  await configure(folder, port);
  const postfix = (...args: string[]) => run("/usr/sbin/postfix", ["-c", folder, ...args]);
  await postfix("start");
  await answering(port);
  const version = (await run("/usr/sbin/postconf", ["-c", folder, "-h", "mail_version"])).trim();
  return {
    port,
    version,
    async stop() {
      await postfix("stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function install(): Promise<boolean> {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  process.stdout.write("installing Postfix from Debian's package\n");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run(
      "/bin/sh",
      ["-c", "echo 'postfix postfix/main_mailer_type select Local only' | debconf-set-selections"],
      env,
    );
    await run("/usr/bin/apt-get", ["install", "-y", "-q", "--no-install-recommends", "postfix"], env);
    return existsSync("/usr/sbin/postfix");
  } catch (error) {
    process.stdout.write(
      `Postfix could not be installed: ${error instanceof Error ? error.message : error}\n`,
    );
    return false;
  }
}

async function configure(folder: string, port: number): Promise<void> {
  const main = {
    compatibility_level: "3.6",
    queue_directory: join(folder, "queue"),
    data_directory: join(folder, "data"),
    command_directory: "/usr/sbin",
    daemon_directory: "/usr/lib/postfix/sbin",
    mail_owner: "postfix",
    setgid_group: "postdrop",
    myhostname: "bench.acme.example",
    mydestination: "",
    mynetworks: "127.0.0.0/8",
    inet_protocols: "ipv4",
    default_transport: "discard:",
    local_transport: "discard:",
    smtpd_relay_restrictions: "permit_mynetworks, reject",
    smtpd_peername_lookup: "no",
    message_size_limit: "100000000",
    in_flow_delay: "0", // else it slows its own intake
    maillog_file: "/dev/null",
    maillog_file_prefixes: "/dev",
  };
  await run("/bin/chmod", ["755", folder]);
  await mkdir(main.queue_directory);
  await mkdir(main.data_directory);
  await run("/bin/chown", ["postfix", main.data_directory]);
  const lines = Object.entries(main).map(([name, value]) => `${name} = ${value}`);
  await writeFile(join(folder, "main.cf"), `${lines.join("\n")}\n`);
  await writeFile(join(folder, "master.cf"), masterOf(port));
}

/** Services: name, type, private, unprivileged, chroot, wakeup, process limit, command. */
function masterOf(port: number): string {
  const unix = [
    "rewrite",
    "bounce",
    "defer",
    "trace",
    "verify",
    "proxymap",
    "anvil",
    "scache",
    "discard",
    "error",
    "retry",
  ];
  const programs: Record<string, string> = {
    rewrite: "trivial-rewrite",
    defer: "bounce",
    trace: "bounce",
    retry: "error",
  };
  const rows = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "pickup unix n - n 60 1 pickup",
    "postlog unix-dgram n - n - 1 postlogd",
    ...unix.map((name) => `${name} unix - - n - - ${programs[name] ?? name}`),
  ];
  return `${rows.join("\n")}\n`;
}
