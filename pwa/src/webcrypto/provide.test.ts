/** Who gets which WebCrypto. That the stand-in works is shown in Chromium (chromium.test.ts). */
import { expect, test } from "vitest";
import { provideWebCrypto, webCryptoKind } from "./provide.ts";

const subtle = globalThis.crypto.subtle;

test("a browser with its own WebCrypto keeps it", async () => {
  const scope = { isSecureContext: true, crypto: { subtle } as Crypto };

  expect(await provideWebCrypto(scope)).toBe("native");
  expect(scope.crypto.subtle).toBe(subtle);
});

test("a secure context without subtle gets the stand-in", async () => {
  const scope = { isSecureContext: true, crypto: {} as Crypto };

  expect(webCryptoKind(scope)).toBe("liner");
  expect(await provideWebCrypto(scope)).toBe("liner");
  expect(scope.crypto.subtle).toBeDefined();
  expect(webCryptoKind(scope)).toBe("native");
});

test("an insecure context gets nothing, whatever it claims to have", async () => {
  const without = { isSecureContext: false, crypto: {} as Crypto };
  const withSubtle = { isSecureContext: false, crypto: { subtle } as Crypto };

  expect(await provideWebCrypto(without)).toBe("insecure");
  expect(without.crypto.subtle).toBeUndefined();
  expect(await provideWebCrypto(withSubtle)).toBe("insecure");
});
