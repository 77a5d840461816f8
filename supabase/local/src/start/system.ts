/**
 * The whole of Sealpost on one machine: the stack, the gateway and the portal, as `npm start` and the journeys of `e2e` run it.
 */
import type { Child } from "../children/child.ts";
import { type Leash, makeLeash } from "../children/leash.ts";
import { freePort } from "../children/port.ts";
import { addressesOf, gatewayEnvironment, portalConfiguration } from "../deployment/environment.ts";
import { openDeployment } from "../deployment/file.ts";
import type { Deployment } from "../deployment/keys.ts";
import { type Ports, portNames, type Settings } from "../deployment/settings.ts";
import { type Log, logOf } from "../log.ts";
import { readPages } from "../portal/pages.ts";
import { type Portal, startPortal } from "../portal/serve.ts";
import { StartProblem } from "../postgres/start-problem.ts";
import { makeUndo, type Undo } from "./cleanup.ts";
import { startGateway } from "./gateway.ts";
import { lockDataFolder } from "./lock.ts";
import { buildPortal, portalFolder } from "./portal-build.ts";
import { resolvePorts, takenPorts } from "./ports.ts";
import type { Stack, StackOptions } from "./stack.ts";

export type SystemOptions = Settings & {
  /** False only for tests: faster, and a power cut may lose everything. */
  readonly durable: boolean;
  readonly log: Log;
  /** Gives the start up at its next step. */
  readonly signal?: AbortSignal;
};

export type System = {
  readonly ports: Ports;
  readonly deployment: Deployment;
  readonly stack: Stack;
  readonly smtpUrl: string;
  /** Ends every process that was started: the gateway first, when it has finished the mails in transit. */
  stop(): Promise<void>;
};

type State = { stack: Stack | undefined; gateway: Child | undefined; pages: boolean };

const portsFreeWithinMs = 8_000; // what a killed Sealpost left behind ends by itself in that time

/** Starts everything; ports that are 0 become free ones. Throws a StartProblem for what an operator can mend. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const undo = makeUndo();
  try {
    return await begin(options, undo);
  } catch (error) {
    await undo.all().catch(() => {}); // the first failure is the one to tell
    throw error;
  }
}

async function begin(options: SystemOptions, undo: Undo): Promise<System> {
  const { log } = options;
  const deployment = await prepare(options, undo);
  const ports = await resolvePorts(options.ports);
  const leash = makeLeash();
  undo.add(leash.stop);

  const state: State = { stack: undefined, gateway: undefined, pages: false };
  const portal = await startPortal({
    port: ports.portal,
    apiUrl: addressesOf(ports, deployment).apiUrl,
    configuration: portalConfiguration(deployment, options.organisation, addressesOf(ports, deployment)),
    missing: () => missingIn(state),
  });
  undo.add(portal.stop);
  const showing = showPages(portal, leash, log).then(() => {
    state.pages = true;
  });
  const starting = beginStack({ ...options, ports, deployment, leash }, undo);
  await Promise.allSettled([showing, starting]); // so that a failure of one leaves no other half-begun
  const stack = await starting;
  await showing;
  state.stack = stack;
  options.signal?.throwIfAborted();

  log("starting the gateway");
  const healthPort = await freePort();
  const own = {
    smtpPort: ports.smtp,
    healthPort,
    nextHop: options.nextHop ?? stack.addresses.outgoingSmtpUrl,
  };
  const told = gatewayEnvironment(deployment, options.organisation, stack.addresses, own);
  state.gateway = await startGateway(told, healthPort, leash, log);
  undo.add(state.gateway.stop);
  return { ports, deployment, stack, smtpUrl: `smtp://127.0.0.1:${ports.smtp}`, stop: undo.all };
}

/** The stack is loaded only here, so that a start that is refused is refused at once: loading it takes a second. */
async function beginStack(options: StackOptions, undo: Undo): Promise<Stack> {
  const { startStack } = await import("./stack.ts");
  const stack = await startStack(options);
  undo.add(stack.stop);
  return stack;
}

async function showPages(portal: Portal, leash: Leash, log: Log): Promise<void> {
  await buildPortal(leash, log);
  portal.show(await readPages(portalFolder));
}

/** The data folder is ours, its keys are known, and the ports are free. */
async function prepare(options: SystemOptions, undo: Undo): Promise<Deployment> {
  const opened = await openDeployment(options.dataDir, Date.now());
  if (opened.kind === "unusable") throw new StartProblem(opened.why);
  const lock = await lockDataFolder(options.dataDir);
  undo.add(lock.release);
  if (lock.afterCrash) logOf("start", options.log)("the last run was cut off, putting things in order");
  await requirePorts(options.ports, lock.afterCrash);
  return opened.deployment;
}

async function requirePorts(ports: Ports, afterCrash: boolean): Promise<void> {
  const names = portNames.filter((name) => ports[name] !== 0 && !(afterCrash && name === "database")); // Postgres looks itself
  const until = performance.now() + (afterCrash ? portsFreeWithinMs : 0);
  for (;;) {
    const taken = await takenPorts(ports, names);
    if (taken.length === 0) return;
    if (performance.now() >= until) throw new StartProblem(taken.join("\n"));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function missingIn(state: State): string[] {
  const { stack, gateway, pages } = state;
  const missing = {
    "the portal's pages": !pages,
    "database and API": stack === undefined,
    "edge functions": stack !== undefined && !stack.isUp(),
    "the gateway": gateway === undefined || !gateway.isUp(),
  };
  return Object.entries(missing).flatMap(([name, isMissing]) => (isMissing ? [name] : []));
}
