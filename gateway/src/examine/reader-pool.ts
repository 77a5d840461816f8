/**
 * A few reader processes, and the queue before them.
 */

import { type JobOutcome, Reader, type ReaderLimits } from "./reader.ts";
import type { DictionaryRows, Job } from "./reader-messages.ts";

export class ReaderPool {
  readonly #readers: readonly Reader[];
  readonly #free: Reader[];
  readonly #waiting: ((reader: Reader) => void)[] = [];

  /** Processes start when they are first needed. */
  constructor(readers: number, limits: ReaderLimits) {
    this.#readers = Array.from({ length: readers }, () => new Reader(limits));
    this.#free = [...this.#readers];
  }

  /** Tries dictionaries: milliseconds of the trial text, null when no process could take them. */
  async prepare(dictionaries: readonly DictionaryRows[]): Promise<number | null> {
    return await this.#withReader((reader) => reader.prepare(dictionaries));
  }

  /** Runs a job with these dictionaries when a process is free, in the order of asking. */
  async run(job: Job, dictionaries: readonly DictionaryRows[]): Promise<JobOutcome> {
    return await this.#withReader((reader) => reader.run(job, dictionaries));
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  async #withReader<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result> {
    const reader = await this.#takeReader();
    try {
      return await work(reader);
    } finally {
      this.#returnReader(reader);
    }
  }

  #takeReader(): Promise<Reader> {
    const reader = this.#free.pop();
    if (reader !== undefined) return Promise.resolve(reader);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #returnReader(reader: Reader): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(reader);
    else next(reader);
  }
}
