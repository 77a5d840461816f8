/**
 * Sealed drafts in IndexedDB, a database for each account. It is opened for each act only, so that signing out can
 * delete it at any time.
 */
import type { DraftBox } from "./drafts.ts";

const STORE = "drafts";

export function browserDrafts(databases: IDBFactory, accountId: string): DraftBox {
  const within = <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    withDatabase(databases, accountId, async (database) => {
      const transaction = database.transaction(STORE, mode);
      const result = await settled(act(transaction.objectStore(STORE)));
      await new Promise<void>((done, fail) => {
        transaction.oncomplete = () => done();
        transaction.onabort = () => fail(transaction.error);
      });
      return result;
    });
  return {
    all: () => within<{ id: string; sealed: Uint8Array }[]>("readonly", (store) => store.getAll()),
    async put(id, sealed) {
      await within("readwrite", (store) => store.put({ id, sealed }));
    },
    async remove(id) {
      await within("readwrite", (store) => store.delete(id));
    },
  };
}

async function withDatabase<T>(
  databases: IDBFactory,
  accountId: string,
  act: (database: IDBDatabase) => Promise<T>,
): Promise<T> {
  const opening = databases.open(`sealpost-drafts-${accountId}`, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await settled(opening);
  try {
    return await act(database);
  } finally {
    database.close();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
