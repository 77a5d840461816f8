/**
 * Runs the trials on the WebCrypto of whatever runtime this is, and prints the verdicts as JSON: for Deno, which has no Vitest.
 */
import process from "node:process";
import { webCryptoPrimitives } from "../webcrypto.ts";
import { frozenTrials } from "./frozen.ts";
import { standardTrials } from "./standards.ts";
import { tamperingTrials } from "./tampering.ts";
import { runTrials } from "./trial.ts";

const PLACES = 6;

const trials = [...standardTrials, ...frozenTrials, ...tamperingTrials("the same", PLACES)];
const verdicts = await runTrials(trials, webCryptoPrimitives(globalThis.crypto));
process.stdout.write(JSON.stringify(verdicts));
