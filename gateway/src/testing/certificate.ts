/**
 * A certificate for tests, made by openssl, valid for localhost and 127.0.0.1.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export type TestCertificate = {
  readonly cert: string;
  readonly key: string;
  /** Puts another pair, of this common name, in the same files. */
  renew(name: string): Promise<void>;
  remove(): Promise<void>;
};

export async function makeTestCertificate(name: string): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), "sealpost-tls-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const renew = async (commonName: string) => {
    await promisify(execFile)("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", `/CN=${commonName}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      ...["-keyout", key, "-out", cert],
    ]);
  };
  await renew(name);
  return { cert, key, renew, remove: () => rm(folder, { recursive: true }) };
}
