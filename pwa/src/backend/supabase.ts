/**
 * The door to the server over supabase-js: functions for passwords, RPCs for mail, Storage for large
 * attachments, one private Realtime channel. Loaded after the first screen, since it is the heaviest part.
 */

import { fromB64 } from "@sealpost/shared/bytes.ts";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { PortalConfig } from "../config.ts";
import {
  type Backend,
  BackendFailure,
  type DeliveryRow,
  type PasswordAnswer,
  type SignInAnswer,
} from "./backend.ts";
import { failureOf, resultOf } from "./failure.ts";
import { watchAccount } from "./live.ts";
import type { PortalMailBackend } from "./portal-mail.ts";
import { SESSION_KEY } from "./session-key.ts";
import { portalMail } from "./supabase-portal-mail.ts";

interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** Connects to the deployment's Supabase; makes no request by itself. */
export function createSupabaseBackend(config: PortalConfig): Backend {
  const client = createClient(config.apiUrl, config.anonKey, {
    auth: {
      storageKey: SESSION_KEY,
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: false,
    },
  });
  return {
    ...authentication(client),
    ...mail(client),
    ...portalMail(client),
    watch: (id, heard) => watchAccount(client, id, heard),
  };
}

type Authentication = Pick<Backend, "hasSession" | "signIn" | "changePassword" | "signOut" | "onSignedOut">;

function authentication(client: SupabaseClient): Authentication {
  const adopt = async (session: Tokens): Promise<void> => {
    const { error } = await client.auth.setSession(session);
    if (error) throw failureOf(error, error.status ?? 0);
  };
  return {
    hasSession: async () => (await client.auth.getSession()).data.session !== null,
    async signIn(address, secret) {
      const answer = await invoke<
        { kind: "signed-in"; session: Tokens } | Exclude<SignInAnswer, { kind: "signed-in" }>
      >(client, "sign-in", { address, secret });
      if (answer.kind !== "signed-in") return answer;
      await adopt(answer.session);
      return { kind: "signed-in" };
    },
    async changePassword({ currentSecret, newSecret, wrappedKey }) {
      const answer = await invoke<
        { kind: "changed"; session: Tokens } | Exclude<PasswordAnswer, { kind: "changed" }>
      >(client, "password", {
        current_secret: currentSecret,
        new_secret: newSecret,
        wrapped_key: wrappedKey,
      });
      if (answer.kind !== "changed") return answer;
      await adopt(answer.session);
      return { kind: "changed" };
    },
    async signOut() {
      // The session leaves this device even when the server cannot be told.
      await client.auth.signOut({ scope: "local" });
    },
    onSignedOut(heard) {
      const { data } = client.auth.onAuthStateChange((event) => {
        if (event === "SIGNED_OUT") heard();
      });
      return () => data.subscription.unsubscribe();
    },
  };
}

type Mail = Omit<Backend, keyof Authentication | keyof PortalMailBackend | "watch">;

function mail(client: SupabaseClient): Mail {
  return {
    account: async () => resultOf(await client.rpc("my_account")),
    mailboxes: async () => resultOf(await client.rpc("my_mailboxes")) ?? [],
    async list(folder, limit, before) {
      const page = await client.rpc("list_messages", {
        p_folder: folder,
        p_limit: limit,
        p_before_at: before?.storedAt ?? null,
        p_before_id: before?.deliveryId ?? null,
      });
      return resultOf(page) ?? [];
    },
    async delivery(deliveryId) {
      const rows: DeliveryRow[] | null = resultOf(
        await client.rpc("get_message", { p_delivery_id: deliveryId }),
      );
      return rows?.[0] ?? null;
    },
    async open(deliveryId, openingId) {
      const opened = await client.rpc("open_message", { p_delivery_id: deliveryId, p_opening_id: openingId });
      return resultOf(opened) ?? { kind: "unknown" };
    },
    async attachment(attachment, signal) {
      if (attachment.object_name === null) return inlineBytes(client, attachment.id, signal);
      const download = await client.storage
        .from("attachments")
        .download(attachment.object_name, {}, { signal })
        .asStream();
      if (download.error) throw failureOf(download.error, 0);
      return download.data;
    },
    recipients: async (messageId) =>
      resultOf(await client.rpc("sent_recipients", { p_message_id: messageId })) ?? [],
  };
}

async function inlineBytes(
  client: SupabaseClient,
  attachmentId: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const data = resultOf<string>(
    await client.rpc("attachment_data", { p_attachment_id: attachmentId }).abortSignal(signal),
  );
  const bytes = data === null ? undefined : fromB64(data);
  if (bytes === undefined) throw new BackendFailure("failed");
  return new Blob([bytes]).stream();
}

async function invoke<T>(client: SupabaseClient, name: string, body: Record<string, unknown>): Promise<T> {
  const { data, error } = await client.functions.invoke(name, { body });
  if (error) throw failureOf(error, statusOf(error));
  return data as T;
}

function statusOf(error: unknown): number {
  const context = error instanceof Error && "context" in error ? error.context : null;
  return context instanceof Response ? context.status : 0;
}
