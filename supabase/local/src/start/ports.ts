/**
 * The ports of one system: which it will open, and whether it can.
 */
import { freePort, isPortFree } from "../children/port.ts";
import { type Ports, portNames, portVariables } from "../deployment/settings.ts";

/** The ports with every 0 replaced by a free one, for tests that must not meet. */
export async function resolvePorts(ports: Ports): Promise<Ports> {
  const resolved = { ...ports };
  for (const name of portNames) {
    if (resolved[name] === 0) Object.assign(resolved, { [name]: await freePort() });
  }
  return resolved;
}

/** One sentence for each port that another program holds. `names` are those to look at. */
export async function takenPorts(ports: Ports, names: readonly (keyof Ports)[]): Promise<string[]> {
  const looked = await Promise.all(
    names.map(async (name) =>
      (await isPortFree(ports[name], "127.0.0.1")) ? [] : [sentence(name, ports[name])],
    ),
  );
  return looked.flat();
}

function sentence(name: keyof Ports, port: number): string {
  const [variable] = portVariables[name];
  return `Port ${port} is in use by another program: stop it, or set ${variable} to a free port.`;
}
