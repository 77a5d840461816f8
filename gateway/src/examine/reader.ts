/**
 * One place for a reader process: starts it, gives it one job at a time, ends it when it takes too long, and
 * starts another in its place.
 *
 * A process and not a thread: some ways of running out of memory in a thread end the whole gateway.
 * See docs/decisions/0009-examination.md.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MailExamination } from "./examine-mail.ts";
import { READER_HEAP_MB, START_MS_MAX } from "./limits.ts";
import { watchMemory } from "./memory-watch.ts";
import type { DictionaryRows, FromReader, Job, ToReader } from "./reader-messages.ts";

/** "ended": the process was lost over this job, to time or memory. */
export type JobOutcome = { kind: "examined"; result: MailExamination } | { kind: "ended" };

type Waiting = {
  readonly wanted: FromReader["kind"];
  readonly resolve: (message: FromReader | null) => void;
};

const ENTRY = new URL("./reader-process.ts", import.meta.url);
/** All that a process which reads strangers' files may read: its own code. It may write, start and load nothing. */
const READABLE = [
  "gateway/src",
  "gateway/package.json",
  "gateway/node_modules",
  "shared",
  "node_modules",
  "package.json",
];

/** After which a process is ended over a job. */
export type ReaderLimits = { readonly ms: number; readonly bytes: number };

export class Reader {
  readonly #limits: ReaderLimits;
  #process: ChildProcess | null = null;
  /** What the process knows; compared by identity. */
  #loaded: readonly DictionaryRows[] | null = null;
  #waiting: Waiting | null = null;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  /** Makes the process ready for these: milliseconds of the trial text, or null when it could not be done. */
  async prepare(dictionaries: readonly DictionaryRows[]): Promise<number | null> {
    this.#loaded = null;
    const ready = await this.#ask({ kind: "use", dictionaries }, "ready", START_MS_MAX);
    if (ready?.kind !== "ready") return null;
    this.#loaded = dictionaries;
    return ready.trialMs;
  }

  /** Runs a job with these dictionaries, which are loaded first where they are not the last ones. */
  async run(job: Job, dictionaries: readonly DictionaryRows[]): Promise<JobOutcome> {
    if (this.#loaded !== dictionaries && (await this.prepare(dictionaries)) === null)
      return { kind: "ended" };
    const answer = await this.#ask({ kind: "examine", job }, "examined", this.#limits.ms);
    return answer?.kind === "examined" ? { kind: "examined", result: answer.result } : { kind: "ended" };
  }

  /** Ends the process, whatever it does. */
  async close(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    child.kill("SIGKILL");
    await gone;
  }

  async #ask(message: ToReader, wanted: FromReader["kind"], limitMs: number): Promise<FromReader | null> {
    const child = this.#process ?? this.#start();
    child.ref();
    child.channel?.ref();
    const end = () => child.kill("SIGKILL");
    const timer = setTimeout(end, limitMs);
    const stopWatching = watchMemory(child.pid, this.#limits.bytes, end);
    const answer = await new Promise<FromReader | null>((resolve) => {
      this.#waiting = { wanted, resolve };
      child.send(message, () => undefined); // a process that is gone says so by "exit"
    });
    clearTimeout(timer);
    stopWatching();
    child.unref();
    child.channel?.unref();
    return answer;
  }

  #start(): ChildProcess {
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const child = fork(ENTRY, {
      execArgv: [
        `--max-old-space-size=${READER_HEAP_MB}`,
        "--disallow-code-generation-from-strings",
        "--permission",
        ...READABLE.map((path) => `--allow-fs-read=${root}${path}`),
      ],
      env: {}, // the gateway's keys are in its environment
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", (message: FromReader) => {
      if (message.kind === this.#waiting?.wanted) this.#finish(message);
    });
    child.on("error", () => this.#lose(child));
    child.on("exit", () => this.#lose(child));
    this.#process = child;
    return child;
  }

  #lose(child: ChildProcess): void {
    if (this.#process !== child) return;
    this.#process = null;
    this.#loaded = null;
    this.#finish(null);
  }

  #finish(message: FromReader | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(message);
  }
}
