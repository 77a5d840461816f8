/**
 * `npm start`: the whole of Sealpost on this machine, until Ctrl-C.
 */
import { parseSettings, type Settings } from "./deployment/settings.ts";
import { StartProblem } from "./postgres/start-problem.ts";
import { type System, startSystem } from "./start/system.ts";
import { welcome } from "./start/welcome.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

const parsed = parseSettings(process.env, process.cwd());
process.exitCode = await (parsed.kind === "wrong" ? refuse(parsed.problems) : run(parsed.settings));

function refuse(problems: readonly string[]): number {
  for (const problem of problems) complain(problem);
  return 1;
}

async function run(settings: Settings): Promise<number> {
  const begun = performance.now();
  const asked = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => asked.abort());
  try {
    const system = await startSystem({ ...settings, durable: true, log: say, signal: asked.signal });
    say(welcome(settings, system));
    say(`Started in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
    const failure = await whyToEnd(system, asked.signal);
    say("Ending: the gateway first, then everything else.");
    await system.stop();
    say("Everything has ended.");
    if (failure !== null) complain(failure);
    return failure === null ? 0 : 1;
  } catch (error) {
    if (asked.signal.aborted) return 0; // asked to end before it was ready: everything that had begun has ended
    complain(error instanceof StartProblem ? error.message : describe(error));
    return 1;
  }
}

/** Null when somebody asked for it, else one sentence on what happened. */
function whyToEnd(system: System, asked: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    if (asked.aborted) resolve(null);
    asked.addEventListener("abort", () => resolve(null));
    void system.stack.databaseGone.then(() =>
      resolve("The database ended by itself, so everything else was ended: run npm start again."),
    );
    process.on("uncaughtException", (error) =>
      resolve(`Something unexpected happened (${error.name}), so everything was ended: run npm start again.`),
    );
  });
}

/** What went wrong, in one sentence. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "Sealpost could not start, for an unknown reason.";
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `Sealpost could not start: ${error.message}${cause}.`;
}
