/**
 * `npm run explain -- mail.eml`: what would become of a mail, and why. Sends and stores nothing.
 */
import { readFile } from "node:fs/promises";
import { DatabaseProblem } from "../database/problem.ts";
import { parseArguments, usage } from "./arguments.ts";
import { explainMail } from "./explain.ts";
import { ExplainProblem, readPresent } from "./present.ts";
import { printExplanation } from "./print.ts";

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

const parsed = parseArguments(process.argv.slice(2), Date.now());
switch (parsed.kind) {
  case "wrong":
    complain(`${parsed.sentence}\n\n${usage}`);
    process.exitCode = 1;
    break;
  case "arguments":
    try {
      const raw = await readFile(parsed.arguments.file);
      const present = await readPresent(parsed.arguments, process.env);
      say(printExplanation(await explainMail(raw, parsed.arguments, present)));
    } catch (error) {
      complain(sentenceOf(error, parsed.arguments.file));
      process.exitCode = 1;
    }
}

function sentenceOf(error: unknown, file: string): string {
  if (error instanceof ExplainProblem) return error.message;
  if (error instanceof DatabaseProblem) {
    return `The database could not be asked (${error.code}): start the stack with npm start, set SEALPOST_DATABASE_URL, or give --policies file.json.`;
  }
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return `${file} is not there: give the path of a mail as a file.`;
  }
  throw error;
}
