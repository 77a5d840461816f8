/**
 * The test deployment over HTTP: the built portal under the headers that it is served with, and the API beside it.
 */

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { toB64 } from "@sealpost/shared/bytes.ts";
import type { SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import type { PasswordAnswer, SignInAnswer } from "../src/backend/backend.ts";
import { DEPLOYMENT_ID, type Person, type StoredMail } from "./deployment.ts";
import type { PortalMailGateway } from "./portal-mail-gateway.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** What the server answers; tests change it as they go. */
export interface World {
  /** The folder of the built portal. */
  dist: string;
  signing: SigningKey;
  person: Person;
  mails: StoredMail[];
  /** Where portal mail is handed in. */
  gateway?: PortalMailGateway;
  /** Answers instead of what would be right. */
  signIn?: SignInAnswer;
  password?: PasswordAnswer;
  /** Every question about mail fails so. */
  failing?: 500 | "no answer" | "never";
}

export interface TestServer {
  url: string;
  stop(): Promise<void>;
}

export async function serve(world: World): Promise<TestServer> {
  const server = createServer((request, response) => {
    answer(world, server, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: urlOf(server),
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function urlOf(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function answer(
  world: World,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", urlOf(server));
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (pathname === "/config.json") return json(200, configuration(world, urlOf(server)));
  if (!/^\/(auth|rest|functions|storage|realtime)\//.test(pathname))
    return await page(world.dist, pathname, urlOf(server), response);
  if (pathname.startsWith("/rest/") && world.failing !== undefined && !pathname.endsWith("my_account")) {
    if (world.failing === 500) return json(500, { message: "down" });
    if (world.failing === "no answer") return void response.destroy();
    return;
  }
  const body = pathname.startsWith("/storage/") ? {} : await bodyOf(request);
  const name = pathname.split("/").at(-1) ?? "";
  if (pathname.startsWith("/functions/")) return json(200, await functionAnswer(world, name, body));
  if (pathname.startsWith("/storage/") && request.method === "POST")
    return json(200, { Key: world.gateway?.store(name) });
  if (pathname.startsWith("/storage/")) return void response.writeHead(200).end(cipherOf(world, name));
  if (pathname.startsWith("/auth/")) return json(200, { id: world.person.account.id, aud: "authenticated" });
  return json(200, rpcAnswer(world, name, body));
}

function configuration(world: World, url: string) {
  const publicKey = toB64(world.signing.publicKey);
  return {
    apiUrl: url,
    anonKey: "anon",
    deploymentId: DEPLOYMENT_ID,
    organisation: "Acme Health",
    signingPublicKey: publicKey,
    gatewayPublicKey: world.gateway === undefined ? publicKey : toB64(world.gateway.publicKey),
    portalUrl: url,
  };
}

async function page(dist: string, pathname: string, url: string, response: ServerResponse): Promise<void> {
  const path = extname(pathname) === "" ? "/index.html" : pathname;
  const content = await readFile(join(dist, path)).catch(() => null);
  if (content === null) return void response.writeHead(404).end();
  const frame =
    path === "/frame.html" ? "data: blob:" : path === "/frame-remote.html" ? "data: blob: https:" : null;
  const csp =
    frame === null
      ? `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ${url.replace("http", "ws")}; frame-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`
      : `default-src 'none'; style-src 'unsafe-inline'; img-src ${frame}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`;
  response
    .writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain", "content-security-policy": csp })
    .end(content);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return text === "" ? {} : JSON.parse(text);
}

async function functionAnswer(world: World, name: string, body: Record<string, unknown>): Promise<unknown> {
  const { person } = world;
  if (name === "sign-in") {
    if (world.signIn !== undefined) return world.signIn;
    const right = body.address === person.account.address && body.secret === person.signInSecret;
    return right ? { kind: "signed-in", session: session(person) } : { kind: "refused" };
  }
  if (world.password !== undefined) return world.password;
  if (body.current_secret !== person.signInSecret) return { kind: "refused" };
  person.signInSecret = String(body.new_secret);
  person.account.wrapped_key = String(body.wrapped_key);
  person.account.status = "active";
  return { kind: "changed", session: session(person) };
}

function session(person: Person) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: person.account.id, exp: now + 3600, iat: now, role: "authenticated" };
  return {
    access_token: `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${part("signature")}`,
    refresh_token: "refresh",
    expires_in: 3600,
    token_type: "bearer",
  };
}

function rpcAnswer(world: World, name: string, body: Record<string, unknown>): unknown {
  const byDelivery = world.mails.find(({ row }) => row.delivery_id === body.p_delivery_id);
  switch (name) {
    case "my_account":
      return world.person.account;
    case "my_mailboxes":
      return [world.person.mailbox];
    case "list_messages":
      return listed(world, body);
    case "get_message":
      return byDelivery === undefined ? [] : [byDelivery.row];
    case "open_message":
      return byDelivery === undefined ? { kind: "unknown" } : opened(byDelivery);
    case "attachment_data":
      return attachmentData(world, String(body.p_attachment_id));
    case "sent_recipients":
      return world.mails.find(({ row }) => row.message_id === body.p_message_id)?.recipients ?? [];
    default:
      return world.gateway?.answer(name, body) ?? null;
  }
}

function listed(world: World, body: Record<string, unknown>): unknown[] {
  const before = body.p_before_at === null ? "9999" : String(body.p_before_at);
  return world.mails
    .map(({ row }) => row)
    .filter((row) => row.folder === body.p_folder && row.stored_at < before)
    .sort((a, b) => (a.stored_at < b.stored_at ? 1 : -1))
    .slice(0, Number(body.p_limit));
}

function opened(mail: StoredMail): unknown {
  const now = new Date();
  mail.row.read_at ??= now.toISOString();
  mail.row.first_opened_at ??= now.toISOString();
  mail.row.open_count += 1;
  return { ...mail.opened, server_now_ms: now.getTime() };
}

function cipherOf(world: World, id: string): Uint8Array | undefined {
  return world.mails.map(({ ciphers }) => ciphers.get(id)).find((one) => one !== undefined);
}

function attachmentData(world: World, id: string): string | null {
  const cipher = cipherOf(world, id);
  return cipher === undefined ? null : toB64(cipher);
}
