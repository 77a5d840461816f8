/**
 * The door for mail that is written in the portal, and for mail under review, over supabase-js.
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import { BackendFailure } from "./backend.ts";
import { failureOf, resultOf } from "./failure.ts";
import type { PortalMailBackend } from "./portal-mail.ts";

const ALREADY_THERE = 409;

export function portalMail(client: SupabaseClient): PortalMailBackend {
  return {
    ...outbox(client),
    ...uploads(client),
    ...review(client),
    correspondents: async () => resultOf(await client.rpc("my_correspondents")) ?? [],
  };
}

function outbox(
  client: SupabaseClient,
): Pick<PortalMailBackend, "sendPortalMail" | "portalMail" | "withdrawPortalMail"> {
  return {
    sendPortalMail: async (mail) =>
      answered(
        await client.rpc("send_portal_mail", {
          p_id: mail.id,
          p_key_version: mail.keyVersion,
          p_parcel: mail.parcel,
          p_own_copy: mail.ownCopy,
          p_objects: mail.objects,
        }),
      ),
    portalMail: async () => resultOf(await client.rpc("my_portal_mail")) ?? [],
    withdrawPortalMail: async (id) =>
      resultOf(await client.rpc("withdraw_portal_mail", { p_id: id })) ?? false,
  };
}

function uploads(
  client: SupabaseClient,
): Pick<PortalMailBackend, "reserveUpload" | "upload" | "dropUploads"> {
  return {
    reserveUpload: async ({ portalMailId, part, piece, cipherBytes }) =>
      answered(
        await client.rpc("reserve_portal_upload", {
          p_portal_mail_id: portalMailId,
          p_part: part,
          p_piece: piece,
          p_cipher_bytes: cipherBytes,
        }),
      ),
    async upload(name, bytes) {
      const blob = new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" });
      const options = { contentType: "application/octet-stream" };
      const { error } = await client.storage.from("attachments").upload(name, blob, options);
      if (error === null) return;
      const status = Number("statusCode" in error ? error.statusCode : 0) || 0;
      if (status !== ALREADY_THERE) throw failureOf(error, status);
    },
    async dropUploads(portalMailId, part) {
      resultOf(await client.rpc("drop_portal_uploads", { p_portal_mail_id: portalMailId, p_part: part }));
    },
  };
}

function review(client: SupabaseClient): Pick<PortalMailBackend, "heldMail" | "decideHeld"> {
  return {
    heldMail: async (deliveryId) => resultOf(await client.rpc("held_mail", { p_delivery_id: deliveryId })),
    decideHeld: async (deliveryId, decision, words) =>
      answered(
        await client.rpc("decide_held", {
          p_delivery_id: deliveryId,
          p_decision: decision,
          p_words: words,
        }),
      ),
  };
}

/** The result of a question that always has one. */
function answered<T>(answer: { data: T | null; error: unknown; status: number }): T {
  const data = resultOf(answer);
  if (data === null) throw new BackendFailure("failed");
  return data;
}
