/**
 * Relaying ordinary mail: a proxy whose answer is the next hop's answer.
 */
import { type Answer, tryLater } from "../arrival/answer.ts";
import type { Arrived } from "../arrival/arrived.ts";
import { stripTriggers } from "../internal-copy/strip-triggers.ts";
import type { Log } from "../log.ts";
import { makeBounce } from "./bounce.ts";
import type { NextHop } from "./next-hop.ts";
import { traceLine, withTrace } from "./trace.ts";
import type { RecipientRefusal, Reply } from "./transaction.ts";

export type RelayPorts = {
  readonly nextHop: NextHop;
  readonly hostname: string;
  readonly noticeDomain: string;
  readonly newId: () => string;
  readonly now: () => number;
  readonly log: Log;
};

/**
 * Hands a mail on. SMTP has one answer for all recipients: where the next hop took it for some only, the sender is told of
 * the others by a bounce.
 */
export async function relayMail(ports: RelayPorts, arrived: Arrived): Promise<Answer> {
  const trace = traceLine(arrived, ports.hostname, ports.now());
  const mail = withTrace(trace, stripTriggers(arrived.raw));
  const envelope = {
    from: arrived.sender?.given ?? "",
    to: arrived.recipients.map(({ given }) => given),
    utf8: arrived.utf8,
    eightBit: arrived.eightBit,
  };
  const handed = await ports.nextHop.send(envelope, mail);
  switch (handed.kind) {
    case "away":
      ports.log("warn", "the next hop is away", { mail: arrived.id, what: handed.what });
      return tryLater("The next mail server cannot be reached now", "4.4.1");
    case "refused":
      return answerOf(handed.reply);
    case "taken": {
      const told = await tellOf(ports, arrived, handed.refusals);
      return told
        ? answerOf(handed.reply)
        : tryLater("The next mail server took the mail for some recipients only");
    }
  }
}

/** Whether the sender knows of each recipient that was refused. */
async function tellOf(
  ports: RelayPorts,
  arrived: Arrived,
  refusals: readonly RecipientRefusal[],
): Promise<boolean> {
  if (refusals.length === 0 || arrived.sender === null) return true;
  const to = arrived.sender.given;
  const bounce = makeBounce({ ...ports, sender: to, failures: refusals, original: arrived.raw });
  const envelope = { from: "", to: [to], utf8: arrived.utf8, eightBit: true };
  const handed = await ports.nextHop.send(envelope, bounce);
  return handed.kind === "taken" || (handed.kind === "refused" && handed.reply.code >= 500);
}

function answerOf({ code, text }: Reply): Answer {
  return { code, text };
}
