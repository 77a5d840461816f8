/**
 * Asks the worker for a password's secrets. One worker a question: its memory, which saw the password, is freed.
 */
import type { PasswordSecrets } from "@sealpost/shared/password/password.ts";
import type { DeriveQuestion } from "./derive-worker.ts";

export function derive(question: DeriveQuestion): Promise<PasswordSecrets> {
  const worker = new Worker(new URL("./derive-worker.ts", import.meta.url), { type: "module" });
  return new Promise<PasswordSecrets>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<PasswordSecrets>) => resolve(event.data);
    worker.onerror = () => reject(new Error("the password could not be worked on"));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}
