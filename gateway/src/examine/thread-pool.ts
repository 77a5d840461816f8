/**
 * A few threads that examine, and the queue before them.
 */
import type { DictionaryRows, Job } from "./protocol.ts";
import { type JobOutcome, Seat } from "./seat.ts";

export class ThreadPool {
  readonly #seats: readonly Seat[];
  readonly #free: Seat[];
  readonly #waiting: ((seat: Seat) => void)[] = [];

  /** `jobMs`: after which a thread is ended over a job. Threads start when they are first needed. */
  constructor(threads: number, jobMs: number) {
    this.#seats = Array.from({ length: threads }, () => new Seat(jobMs));
    this.#free = [...this.#seats];
  }

  /** From the next job on. Resolves with the milliseconds of the trial text, null when no thread can take them. */
  async use(dictionaries: readonly DictionaryRows[]): Promise<number | null> {
    for (const seat of this.#seats) seat.use(dictionaries);
    return await this.#withSeat((seat) => seat.prepare());
  }

  /** Runs a job when a thread is free, in the order of asking. */
  async run(job: Job): Promise<JobOutcome> {
    return await this.#withSeat((seat) => seat.run(job));
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }

  async #withSeat<Result>(work: (seat: Seat) => Promise<Result>): Promise<Result> {
    const seat = await this.#takeSeat();
    try {
      return await work(seat);
    } finally {
      this.#returnSeat(seat);
    }
  }

  #takeSeat(): Promise<Seat> {
    const seat = this.#free.pop();
    if (seat !== undefined) return Promise.resolve(seat);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #returnSeat(seat: Seat): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(seat);
    else next(seat);
  }
}
