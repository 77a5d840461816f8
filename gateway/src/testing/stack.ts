/**
 * The shared stack as these tests see it (`inject("stack")`), without importing anything of it.
 */
import type { ProvidedContext } from "vitest";

export type TestStack = ProvidedContext["stack"];
