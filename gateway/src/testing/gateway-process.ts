/**
 * A gateway for tests: the real process, on the shared stack, on ports of its own.
 *
 * Its next hop is the stack's mail catcher unless a test names another: relay jobs are shared by all gateways on one
 * database, and whichever takes a job, the mail gets there.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestStack } from "./stack.ts";

export type GatewayProcess = {
  readonly port: number;
  readonly healthPort: number;
  /** Log lines and complaints so far. */
  readonly lines: readonly string[];
  readonly child: ChildProcess;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it without asking. */
  kill(): Promise<void>;
};

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** What the process is told; `own` wins. */
export function gatewayEnv(stack: TestStack, own: Record<string, string> = {}): Record<string, string> {
  const { deployment, organisation } = stack;
  return {
    PATH: process.env.PATH ?? "",
    SEALPOST_DEPLOYMENT_ID: deployment.deploymentId,
    SEALPOST_SIGNING_KEY: deployment.signing.privateKey,
    SEALPOST_SIGNING_PUBLIC_KEY: deployment.signing.publicKey,
    SEALPOST_GATEWAY_KEY: deployment.gateway.privateKey,
    SEALPOST_GATEWAY_PUBLIC_KEY: deployment.gateway.publicKey,
    SEALPOST_INVITE_PUBLIC_KEY: deployment.invite.publicKey,
    SEALPOST_RECOVERY_PUBLIC_KEY: deployment.recovery.publicKey,
    SEALPOST_MAC_KEY: deployment.macKey,
    SEALPOST_MACHINE_EMAIL: deployment.machine.email,
    SEALPOST_MACHINE_PASSWORD: deployment.machine.password,
    SEALPOST_DATABASE_URL: stack.databaseUrls.gateway,
    SUPABASE_URL: stack.apiUrl,
    SUPABASE_ANON_KEY: stack.anonKey,
    SEALPOST_NOTICE_DOMAIN: organisation.noticeDomain,
    SEALPOST_NEXT_HOP: stack.outgoingSmtpUrl,
    ...own,
  };
}

/** Starts a gateway and resolves when it takes mail. Throws with its complaints where it does not. */
export async function startGatewayProcess(
  stack: TestStack,
  own: Record<string, string> = {},
): Promise<GatewayProcess> {
  const [port, healthPort] = [await freePort(), await freePort()];
  const ports = { SEALPOST_SMTP_PORT: String(port), SEALPOST_HEALTH_PORT: String(healthPort) };
  const child = spawn(process.execPath, [main], {
    env: gatewayEnv(stack, { ...ports, ...own }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const exited = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    const hear = (line: string) => {
      lines.push(line);
      if (line.startsWith("gateway ready")) resolve();
    };
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", hear);
    void exited.then(() => reject(new Error(`the gateway ended: ${lines.join("\n")}`)));
  });
  return {
    ...{ port, healthPort, lines, child },
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = await exited;
      return code;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Runs a gateway that is expected to give up at once: its exit code and what it said. */
export async function runToEnd(
  env: Record<string, string>,
): Promise<{ code: number | null; said: string[] }> {
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  const [code] = await once(child, "close");
  return { code, said };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
