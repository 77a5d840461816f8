/**
 * `npm run smtp-password -- <login> <address or @domain…>`: makes a password for a mail client or server that signs in by
 * SMTP, and prints it with the statement that stores its hash. Nothing is stored here, and no password is taken from outside.
 */
import { randomBytes } from "node:crypto";
import { hashPassword } from "./password-hash.ts";
import { credentialStatement } from "./statement.ts";

/** 144 bits: nobody types it twice, and nobody guesses it. */
const passwordBytes = 18;

const [login = "", ...addresses] = process.argv.slice(2);
const password = randomBytes(passwordBytes).toString("base64url");
const statement = credentialStatement({ login, addresses, hash: await hashPassword(password) });
switch (statement.kind) {
  case "wrong":
    process.stderr.write(`${statement.sentence}\n`);
    process.exitCode = 1;
    break;
  case "statement":
    process.stdout.write(
      `Password of ${login} (shown once): ${password}\n\nRun this in the SQL editor:\n\n${statement.sql}\n`,
    );
}
