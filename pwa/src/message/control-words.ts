/**
 * The sender's rules for a message, said in words where no button says them. Pure.
 */
import type { Controls } from "@sealpost/shared/wire/controls.ts";

/** One sentence a rule; none for what is allowed. */
export function controlWords(controls: Controls): string[] {
  const rules: string[] = [];
  if (controls.viewLimit === 1) {
    rules.push("This message can be opened once. When you leave it, it cannot be opened again.");
  } else if (controls.viewLimit !== null) {
    rules.push(`This message can be opened ${controls.viewLimit} times in all.`);
  }
  if (controls.receipt) rules.push("The sender is told by mail that you opened this message.");
  return rules;
}
