import { createRoot } from "solid-js";
import { expect, test } from "vitest";
import { createDownload } from "./download.ts";
import type { FetchedAttachment } from "./fetch-attachment.ts";

function downloadOf(fetched: Promise<FetchedAttachment>) {
  const delivered: Blob[] = [];
  const signals: AbortSignal[] = [];
  const download = createRoot(() =>
    createDownload(
      (signal, onProgress) => {
        signals.push(signal);
        onProgress(0.5);
        return fetched;
      },
      (blob) => delivered.push(blob),
    ),
  );
  return { download, delivered, signals };
}

test("a file is handed over once it was verified, with progress before", async () => {
  const arriving = Promise.withResolvers<FetchedAttachment>();
  const { download, delivered } = downloadOf(arriving.promise);

  const running = download.start();
  expect(download.state()).toEqual({ kind: "arriving", done: 0.5 });
  arriving.resolve({ kind: "fetched", blob: new Blob(["x"]) });
  await running;

  expect(download.state()).toEqual({ kind: "arrived" });
  expect(delivered).toHaveLength(1);
});

test("an altered file is not handed over", async () => {
  const { download, delivered } = downloadOf(Promise.resolve({ kind: "altered" }));

  await download.start();

  expect(download.state()).toEqual({ kind: "altered" });
  expect(delivered).toEqual([]);
});

test("a cancelled download can be started again", async () => {
  const { download, signals } = downloadOf(Promise.resolve({ kind: "cancelled" }));

  const running = download.start();
  download.cancel();
  await running;

  expect(signals[0]?.aborted).toBe(true);
  expect(download.state()).toEqual({ kind: "idle" });
  await download.start();
  expect(signals).toHaveLength(2);
});

test("an impatient reader's second click starts no second download", async () => {
  const arriving = Promise.withResolvers<FetchedAttachment>();
  const { download, signals } = downloadOf(arriving.promise);

  const first = download.start();
  await download.start();
  arriving.resolve({ kind: "offline" });
  await first;

  expect(signals).toHaveLength(1);
});
