/**
 * Who listens to what, over all connections of this server.
 */

/** One joined channel, as the hub sees it. */
export type Listener = { hear(event: string, payload: unknown, id: string): void };

/** Topics (without the prefix `realtime:`) and their listeners. */
export type Hub = {
  /** Adds a listener and returns what removes it. */
  add(topic: string, listener: Listener): () => void;
  tell(topic: string, event: string, payload: unknown, id: string, except?: Listener): void;
};

export function makeHub(): Hub {
  const topics = new Map<string, Set<Listener>>();
  return {
    add(topic, listener) {
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
      };
    },
    tell(topic, event, payload, id, except) {
      for (const listener of topics.get(topic) ?? []) {
        if (listener !== except) listener.hear(event, payload, id);
      }
    },
  };
}
