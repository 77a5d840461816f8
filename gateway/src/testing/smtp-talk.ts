/**
 * SMTP by hand: says lines and hears answers, for what no mail client would do.
 */
import { connect, type Socket } from "node:net";

export type SmtpTalk = {
  /** Sends bytes as they are, and hears so many whole answers (the last line of each). */
  say(bytes: string | Buffer, answers?: number): Promise<string[]>;
  end(): void;
};

/** Connects, hears the banner and says EHLO. */
export async function talk(port: number): Promise<SmtpTalk & { readonly features: readonly string[] }> {
  const socket = connect(port, "127.0.0.1");
  const hear = listener(socket);
  await hear(1);
  socket.write("EHLO client.acme.example\r\n");
  const features = (await hear(1, true)).map((line) => line.slice(4));
  return {
    features,
    async say(bytes, answers = 1) {
      socket.write(bytes);
      return await hear(answers);
    },
    end: () => socket.destroy(),
  };
}

function listener(socket: Socket) {
  let heard: string[] = [];
  let rest = "";
  let told = () => {};
  const hear = (lines: readonly string[]) => {
    heard.push(...lines);
    told();
  };
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.on("close", () => hear(["000 closed"]));
  socket.on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\r\n");
    rest = lines.pop() ?? "";
    hear(lines);
  });
  const isFinal = (line: string) => line[3] === " ";
  return async (answers: number, allLines = false): Promise<string[]> => {
    while (heard.filter(isFinal).length < answers && !heard.includes("000 closed")) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
    const lines = allLines ? heard : heard.filter(isFinal);
    heard = [];
    return lines;
  };
}
