/**
 * The rim of the functions that the gateway wakes: a kick signed by it, for this function, within two minutes; anybody else gets
 * 401 and causes no work.
 */
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { KICK_HEADER, verifyKick } from "@sealpost/shared/crypto/signature.ts";
import { describeError, type Log } from "./log.ts";

export interface KickRim {
  readonly function: string;
  readonly primitives: Primitives;
  readonly signingPublicKey: Uint8Array;
  readonly now: () => Date;
  readonly log: Log;
}

/** `done` were dealt with, whatever their outcome; `left` is 1 where more may wait: kick again at once. */
export interface Progress {
  readonly done: number;
  readonly left: 0 | 1;
}

export function kickedFunction(
  rim: KickRim,
  work: () => Promise<Progress>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const kick = await verifyKick(rim.primitives, rim.signingPublicKey, {
      name: rim.function,
      header: request.headers.get(KICK_HEADER) ?? "",
      nowMs: rim.now().getTime(),
    });
    if (request.method !== "POST" || kick.kind === "refused")
      return Response.json({ kind: "refused" }, { status: 401 });
    try {
      return Response.json(await work());
    } catch (error) {
      rim.log({ function: rim.function, what: "failed", ...describeError(error) });
      return Response.json({ kind: "failed" }, { status: 500 });
    }
  };
}
