/** Answers over real sockets, to clients that do not wait for them. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "vitest";
import { answer } from "./serve.ts";

/** A response whose client is there, or has hung up. */
async function responseTo(client: "waiting" | "gone") {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const [, outgoing] = (await once(server, "request")) as [unknown, ServerResponse];
  const heard = once(socket, "data").then(String, () => "");
  if (client === "gone") {
    const closed = once(outgoing, "close");
    socket.destroy(new Error("hung up"));
    await closed;
  }
  const end = () => {
    socket.destroy();
    server.close();
  };
  return { outgoing, heard, end };
}

test("a client that waits gets its answer", async () => {
  const { outgoing, heard, end } = await responseTo("waiting");

  await answer(new Response("here"), outgoing);

  expect(await heard).toContain("here");
  end();
});

test("an answer to a client that has hung up is dropped, and its body let go", async () => {
  const { outgoing, end } = await responseTo("gone");
  let isLetGo = false;
  const body = new ReadableStream({
    cancel() {
      isLetGo = true;
    },
  });

  await answer(new Response(body), outgoing);

  expect(isLetGo).toBe(true);
  end();
});
