/**
 * How the portal's page is bundled. Nothing is inlined into the HTML, so that the strict CSP
 * (`script-src 'self'`, `style-src 'self'`) holds for the built files as they are.
 */
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid()],
  build: {
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  worker: { format: "es" },
});
