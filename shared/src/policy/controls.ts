/**
 * What a recipient may do with a message, and how two sets of rules become one.
 *
 * Everything here only ever tightens: there is no function that loosens a control.
 */

import type { Controls } from "../wire/controls.ts";

/** The stricter of both in every control. Where views are limited, openings are online: a device cannot count for others. */
export function stricterControls(one: Controls, other: Controls): Controls {
  const viewLimit = smaller(one.viewLimit, other.viewLimit);
  return {
    print: one.print && other.print,
    download: one.download && other.download,
    reply: one.reply && other.reply,
    replyAll: one.replyAll && other.replyAll,
    receipt: one.receipt || other.receipt,
    watermark: one.watermark || other.watermark,
    viewLimit,
    onlineOnly: one.onlineOnly || other.onlineOnly || viewLimit !== null,
  };
}

/** The smaller of two limits, where null means none. */
export function smaller(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : Math.min(one, other);
}
