/**
 * Every test of the repository, in three projects by what they need:
 * `unit` needs nothing, `stack` the embedded Supabase stack, `e2e` the whole system and a browser.
 */
import { defineConfig } from "vitest/config";

const everywhere = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{shared,gateway,supabase,pwa}/**/*.test.ts"],
          exclude: [...everywhere, "**/*.stack.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "stack",
          include: ["{shared,gateway,supabase,pwa}/**/*.stack.test.ts"],
          exclude: everywhere,
          globalSetup: ["supabase/local/src/testing/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
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
