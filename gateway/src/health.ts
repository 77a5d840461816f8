/**
 * `/healthz` on loopback: 200 while mail can be taken, 503 with the reason while it cannot.
 */
import { createServer } from "node:http";

export type Health = { close(): Promise<void> };

/** `isUp` says whether the gateway can do its work at this moment. */
export function serveHealth(port: number, isUp: () => Promise<boolean>): Promise<Health> {
  const server = createServer(async (request, response) => {
    if (request.url !== "/healthz") return void response.writeHead(404).end();
    const up = await isUp();
    response.writeHead(up ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify(up ? { ok: true } : { ok: false, missing: ["database"] }));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve({
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
