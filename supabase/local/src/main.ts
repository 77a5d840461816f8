/**
 * `npm start`: the whole of Sealpost on this machine, until Ctrl-C.
 */
import { parseSettings } from "./deployment/settings.ts";
import { StartProblem } from "./postgres/start-problem.ts";
import { startSystem } from "./start/system.ts";
import { welcome } from "./start/welcome.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

const parsed = parseSettings(process.env, process.cwd());
process.exitCode = await (parsed.kind === "wrong" ? refuse(parsed.problems) : run(parsed.settings));

function refuse(problems: readonly string[]): number {
  for (const problem of problems) complain(problem);
  return 1;
}

async function run(settings: Parameters<typeof welcome>[0]): Promise<number> {
  const asked = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => asked.resolve());
  const begun = performance.now();
  try {
    const system = await startSystem({ ...settings, durable: true, log: say });
    say(welcome(settings, system));
    say(`Started in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
    await asked.promise;
    say("Ending: the gateway first, then everything else.");
    await system.stop();
    say("Everything has ended.");
    return 0;
  } catch (error) {
    complain(error instanceof StartProblem ? error.message : describe(error));
    return 1;
  }
}

/** What went wrong, without values that an error may carry. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "Sealpost could not start, for an unknown reason.";
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `Sealpost could not start: ${error.message}${cause}.`;
}
