/**
 * The gateway's process: configuration from the environment, one line when it is ready, its certificate read again at SIGHUP,
 * an orderly end when it is asked to or when whoever started it is gone.
 */
import { fstatSync } from "node:fs";
import { hostname } from "node:os";
import { parseConfig } from "./config/config.ts";
import { type Gateway, StartProblem, startGateway } from "./gateway.ts";
import { causeOf, gatherLines, makeLog } from "./log.ts";

const say = (line: string) => void process.stdout.write(line);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

const parsed = parseConfig(process.env, hostname());
switch (parsed.kind) {
  case "wrong":
    for (const problem of parsed.problems) complain(problem);
    process.exitCode = 1;
    break;
  case "config": {
    const { smtpHost, smtpPort } = parsed.config.entrance;
    const lines = gatherLines(say);
    process.on("exit", lines.flush);
    const log = makeLog(lines.add, Date.now);
    try {
      const gateway = await startGateway(parsed.config, { log, now: Date.now, fetch });
      endWith(gateway);
      process.on("SIGHUP", () => void gateway.reload());
      lines.flush();
      say(`gateway ready on ${smtpHost}:${gateway.smtpPort}\n`);
    } catch (error) {
      complain(sentenceOf(error, smtpPort));
      process.exit(1);
    }
  }
}

/** Ends at the first signal, or when the pipe to whoever started us closes. Another signal ends at once. */
function endWith(gateway: Gateway): void {
  let ending = false;
  const end = () => {
    if (ending) process.exit(1);
    ending = true;
    gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("disconnect", end);
  const input = fstatSync(0, { throwIfNoEntry: false });
  if (input?.isFIFO() || input?.isSocket()) {
    process.stdin.on("close", () => !ending && end());
    process.stdin.resume();
  }
}

function sentenceOf(error: unknown, smtpPort: number): string {
  if (error instanceof StartProblem) return error.message;
  const code = causeOf(error);
  if (code === "EADDRINUSE") {
    return `Port ${smtpPort}, the port of SMTP over TLS, or the health port is in use: stop what listens there, or set SEALPOST_SMTP_PORT, SEALPOST_SMTPS_PORT and SEALPOST_HEALTH_PORT to free ports.`;
  }
  return `The gateway could not start (${code}): look at its settings and try again.`;
}
