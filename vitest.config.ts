/**
 * Every test of the repository, in three projects by what they need:
 * `unit` needs nothing, `stack` the embedded Supabase stack, `e2e` the whole system and a browser. One after the other, so that
 * they do not take each other's processors.
 */
import { defineConfig } from "vitest/config";

const everywhere = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          sequence: { groupOrder: 0 },
          include: ["{shared,gateway,supabase,pwa}/**/*.test.ts"],
          exclude: [...everywhere, "**/*.stack.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "stack",
          sequence: { groupOrder: 1 },
          include: ["{shared,gateway,supabase,pwa}/**/*.stack.test.ts"],
          exclude: everywhere,
          globalSetup: ["supabase/local/src/testing/global-setup.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          sequence: { groupOrder: 2 },
          globalSetup: ["e2e/world/global-setup.ts"],
          include: ["e2e/**/*.test.ts"],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
