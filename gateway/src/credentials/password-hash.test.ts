import { expect, test } from "vitest";
import { hashPassword, matchesHash, nobodysHash } from "./password-hash.ts";

test("Ann's password opens her hash, and nothing like it does", async () => {
  const hash = await hashPassword("lantern Orchard");

  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await matchesHash("lantern Orchard", hash)).toBe(true);
  for (const other of ["", "lantern orchard", "lantern Orchard "])
    expect(await matchesHash(other, hash)).toBe(false);
  expect(await hashPassword("lantern Orchard")).not.toBe(hash);
});

const vector = "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw";

test("a hash made elsewhere opens: the test vector of RFC 7914, section 12", async () => {
  const salt = Buffer.from("SodiumChloride").toString("base64").replaceAll("=", "");
  const hash = `$scrypt$ln=14,r=8,p=1${"$"}${salt}$${vector}`;

  expect(await matchesHash("pleaseletmein", hash)).toBe(true);
  expect(await matchesHash("pleaseletmeout", hash)).toBe(false);
});

test("nobody has the password of nobody, and a broken or exhausting hash opens for nobody", async () => {
  const broken = [
    "",
    "x",
    "$2b$12$abc",
    nobodysHash.replace("ln=15", "ln=31"),
    nobodysHash.replace("r=8", "r=0"),
  ];

  for (const hash of [nobodysHash, ...broken]) expect(await matchesHash("", hash)).toBe(false);
});
