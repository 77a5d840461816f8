/**
 * Laying the sender's tag over a definition.
 *
 * Controls only tighten. The expiry may be the sender's own choice, unless a rule of the organisation
 * already decided it. [Note: The tag only tightens what a rule decided]
 */
import { smaller, stricterControls } from "../policy/controls.ts";
import { type Controls, OPEN_CONTROLS } from "../wire/controls.ts";
import type { TagOptions } from "./option.ts";

export type Terms = { readonly controls: Controls; readonly expiresAfterMs: number | null };

/**
 * The terms under which the message is sealed.
 *
 * `expiry: "chosen"` lets the sender's time replace the one of the terms, longer or shorter (she secured the
 * mail of her own accord under the default definition); `"bounded"` takes the earlier of both.
 */
export function applyTag(terms: Terms, options: TagOptions, expiry: "chosen" | "bounded"): Terms {
  const asked = options.expiresAfterMs ?? null;
  const chosen = expiry === "chosen" && asked !== null;
  return {
    controls: stricterControls(terms.controls, askedControls(options)),
    expiresAfterMs: chosen ? asked : smaller(terms.expiresAfterMs, asked),
  };
}

function askedControls(options: TagOptions): Controls {
  return {
    ...OPEN_CONTROLS,
    print: options.noPrint !== true,
    download: options.noDownload !== true,
    reply: options.noReply !== true,
    // "no-reply" with an open "reply all" would be no protection at all
    replyAll: options.noReplyAll !== true && options.noReply !== true,
    receipt: options.receipt === true,
    watermark: options.watermark === true,
    viewLimit: options.once === true ? 1 : null,
  };
}
