/**
 * One place for a thread: starts it, gives it one job at a time, ends it when it takes too long, and starts
 * another in its place.
 */
import { Worker } from "node:worker_threads";
import type { MailExamination } from "./examine-mail.ts";
import { START_MS_MAX, THREAD_HEAP_MB } from "./limits.ts";
import type { DictionaryRows, FromThread, Job, ToThread } from "./protocol.ts";

/** "ended": the thread was lost over this job, to time or memory. */
export type JobOutcome = { kind: "examined"; result: MailExamination } | { kind: "ended" };

type Waiting = {
  readonly wanted: FromThread["kind"];
  readonly resolve: (message: FromThread | null) => void;
};

export class Seat {
  readonly #jobMs: number;
  #worker: Worker | null = null;
  #dictionaries: readonly DictionaryRows[] = [];
  #waiting: Waiting | null = null;
  #isStale = true;

  constructor(jobMs: number) {
    this.#jobMs = jobMs;
  }

  /** The next job runs with these. */
  use(dictionaries: readonly DictionaryRows[]): void {
    this.#dictionaries = dictionaries;
    this.#isStale = true;
  }

  /** Makes the thread ready: milliseconds of the trial text, or null when it could not be started. */
  async prepare(): Promise<number | null> {
    this.#isStale = false;
    const ready = await this.#ask({ kind: "use", dictionaries: this.#dictionaries }, "ready", START_MS_MAX);
    if (ready?.kind === "ready") return ready.trialMs;
    this.#isStale = true;
    return null;
  }

  async run(job: Job): Promise<JobOutcome> {
    if ((this.#isStale || this.#worker === null) && (await this.prepare()) === null) return { kind: "ended" };
    const answer = await this.#ask({ kind: "examine", job }, "examined", this.#jobMs);
    return answer?.kind === "examined" ? { kind: "examined", result: answer.result } : { kind: "ended" };
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#finish(null);
    await worker?.terminate();
  }

  async #ask(message: ToThread, wanted: FromThread["kind"], limitMs: number): Promise<FromThread | null> {
    const worker = this.#worker ?? this.#start();
    worker.ref();
    const timer = setTimeout(() => void this.close(), limitMs);
    const answer = await new Promise<FromThread | null>((resolve) => {
      this.#waiting = { wanted, resolve };
      worker.postMessage(message);
    });
    clearTimeout(timer);
    worker.unref();
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./thread.ts", import.meta.url), {
      name: "examine",
      resourceLimits: {
        maxOldGenerationSizeMb: THREAD_HEAP_MB,
        maxYoungGenerationSizeMb: 32,
        stackSizeMb: 4,
      },
    });
    worker.on("message", (message: FromThread) => {
      if (message.kind === this.#waiting?.wanted) this.#finish(message);
    });
    worker.on("error", () => undefined); // memory is over, or a fault of ours: "exit" follows
    worker.on("exit", () => this.#lose(worker));
    this.#worker = worker;
    return worker;
  }

  #lose(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#finish(null);
  }

  #finish(message: FromThread | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(message);
  }
}
