import { expect, test } from "vitest";
import { loadConfig, parseConfig } from "./config.ts";

const config = {
  apiUrl: "http://localhost:1",
  anonKey: "anon",
  deploymentId: "d",
  organisation: "Acme",
  signingPublicKey: "s",
  gatewayPublicKey: "g",
  portalUrl: "http://localhost:2",
};

test("a whole configuration is taken as it is, without what is not known", () => {
  expect(parseConfig({ ...config, more: 1 })).toEqual(config);
});

test("everything that is missing is told at once", () => {
  expect(() => parseConfig({ ...config, apiUrl: "", anonKey: undefined })).toThrow(
    "config.json lacks apiUrl, anonKey",
  );
  expect(() => parseConfig(null)).toThrow(/lacks apiUrl, .*portalUrl/);
});

test("a server that gives none is an error, not an empty portal", async () => {
  const nothing = async () => new Response("starting", { status: 503 });

  await expect(loadConfig(nothing)).rejects.toThrow("503");
});
