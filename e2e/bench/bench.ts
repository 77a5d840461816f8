/**
 * `npm run bench`: the secure path beside Postfix's durable accept, in one run, interleaved. Single times are noisy on a shared
 * machine; the ratio of medians is what counts.
 */
import { type System, startSystem } from "./gateway.ts";
import type { Measured } from "./load.ts";
import { type Anchor, startPostfix } from "./postfix.ts";
import { measure } from "./process.ts";

const rounds = 5;
const situation = { clients: 10, seconds: 4, bytes: 5_000 };
const warmUp = { ...situation, seconds: 3 };

const say = (line: string) => void process.stdout.write(`${line}\n`);

const postfix = await startPostfix();
const system = await startSystem();
try {
  await compare(system, postfix);
} finally {
  await system.stop();
  await postfix?.stop();
}

async function compare(gateway: System, anchor: Anchor | undefined): Promise<void> {
  say(
    `secure path: ${situation.bytes / 1000} KB, 1 recipient, ${situation.clients} clients on kept connections`,
  );
  const anchored: Measured[] = [];
  const measured: Measured[] = [];
  if (anchor) await measure({ ...warmUp, port: anchor.port });
  await measure({ ...warmUp, port: gateway.port });
  let counted = await gateway.stored();
  for (let round = 1; round <= rounds; round++) {
    if (anchor)
      anchored.push(shown(`Postfix ${anchor.version}`, await measure({ ...situation, port: anchor.port })));
    measured.push(shown("gateway", await measure({ ...situation, port: gateway.port })));
    const stored = await gateway.stored();
    const answered = measured.at(-1)?.mails ?? 0;
    if (stored - counted < answered)
      throw new Error(`${answered} mails were answered, ${stored - counted} are stored`);
    counted = stored;
  }
  summarise(measured, anchored);
}

function shown(name: string, run: Measured): Measured {
  const refused = run.refused > 0 ? `, ${run.refused} refused` : "";
  say(
    `  ${name.padEnd(16)} ${run.mailsPerSecond.toFixed(0).padStart(6)} mails/s, p50 ${run.p50.toFixed(1)} ms, p99 ${run.p99.toFixed(1)} ms${refused}`,
  );
  return run;
}

function summarise(measured: readonly Measured[], anchored: readonly Measured[]): void {
  const rate = median(measured.map(({ mailsPerSecond }) => mailsPerSecond));
  const p99 = median(measured.map((run) => run.p99));
  say(`median: gateway ${rate.toFixed(0)} mails/s, p99 ${p99.toFixed(1)} ms`);
  if (anchored.length === 0) {
    say("no Postfix here (needs root and Debian's package), so no ratio");
    return;
  }
  const anchorRate = median(anchored.map(({ mailsPerSecond }) => mailsPerSecond));
  const anchorP99 = median(anchored.map((run) => run.p99));
  say(`        Postfix ${anchorRate.toFixed(0)} mails/s, p99 ${anchorP99.toFixed(1)} ms`);
  say(
    `ratio:  ${(rate / anchorRate).toFixed(2)} of Postfix's rate (target 1.0), p99 ${(p99 / anchorP99).toFixed(2)} of its`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
