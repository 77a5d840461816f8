/**
 * What keeps the stack from starting and an operator can mend: one sentence that names the thing and the mend.
 *
 * The entry point prints the sentence and ends with exit code 1; it prints no stack trace.
 */
export class StartProblem extends Error {
  override readonly name = "StartProblem";
}
