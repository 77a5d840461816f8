/**
 * The account's private Realtime channel: ids of what changed, and a word when the connection came back,
 * since what happened meanwhile is not repeated.
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import type { LiveEvent } from "./backend.ts";

interface Change {
  delivery_id: string;
  message_id: string;
}

/** Listens until the returned cleanup is called. */
export function watchAccount(
  client: SupabaseClient,
  accountId: string,
  heard: (event: LiveEvent) => void,
): () => void {
  const channel = client.channel(`account:${accountId}`, { config: { private: true } });
  const tell = (kind: "delivery" | "receipt") => (message: { payload?: Partial<Change> }) => {
    const { delivery_id: deliveryId, message_id: messageId } = message.payload ?? {};
    if (deliveryId && messageId) heard({ kind, deliveryId, messageId });
  };
  channel.on("broadcast", { event: "delivery" }, tell("delivery"));
  channel.on("broadcast", { event: "receipt" }, tell("receipt"));
  channel.on("broadcast", { event: "portal-mail" }, (message: { payload?: { id?: string } }) => {
    if (message.payload?.id) heard({ kind: "portal-mail", id: message.payload.id });
  });
  const subscribe = async (): Promise<void> => {
    await client.realtime.setAuth();
    channel.subscribe((status) => {
      if (status === "SUBSCRIBED") heard({ kind: "reconnected" });
    });
  };
  void subscribe();
  return () => void client.removeChannel(channel);
}
