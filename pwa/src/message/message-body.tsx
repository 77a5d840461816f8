/**
 * The mail itself: HTML in its frame, or plain text with its addresses as links.
 */
import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { fetchAttachment } from "../attachment/fetch-attachment.ts";
import { useMail } from "../mailbox/mail.ts";
import { Icon } from "../shell/icon.tsx";
import { FRAME_PAGES, FRAME_SANDBOX, makeFrame, showInlineImage } from "./frame.ts";
import { linkify } from "./linkify.ts";
import type { ShownMessage } from "./open.ts";

export function MessageBodyView(props: { message: ShownMessage }) {
  return (
    <Show when={props.message.body.html} fallback={<TextBody text={props.message.body.text ?? ""} />}>
      {(html) => <HtmlBody html={html()} message={props.message} />}
    </Show>
  );
}

function TextBody(props: { text: string }) {
  return (
    <Show when={props.text.trim() !== ""} fallback={<p class="quiet">This message has no text.</p>}>
      <div class="text-body" dir="auto">
        <For each={linkify(props.text)}>
          {(piece) =>
            piece.kind === "text" ? (
              piece.text
            ) : (
              <a href={piece.href} target="_blank" rel="noopener noreferrer">
                {piece.text}
              </a>
            )
          }
        </For>
      </div>
    </Show>
  );
}

function HtmlBody(props: { html: string; message: ShownMessage }) {
  const [asks, setAsks] = createSignal(false);
  const [remoteShown, setRemoteShown] = createSignal(false);
  return (
    <>
      <Show when={asks() && !remoteShown()}>
        <div class="note remote">
          <Icon name="image" />
          <div>
            <p>
              Pictures from the internet are not shown. Loading them would tell their sender when and where
              you read this.
            </p>
            <button class="link-button" type="button" onClick={() => setRemoteShown(true)}>
              Show remote images
            </button>
          </div>
        </div>
      </Show>
      <Frame html={props.html} message={props.message} showRemote={remoteShown()} onRemote={setAsks} />
    </>
  );
}

interface FrameProps {
  html: string;
  message: ShownMessage;
  showRemote: boolean;
  /** Whether the message asks for anything from the internet. */
  onRemote: (asks: boolean) => void;
}

function Frame(props: FrameProps) {
  const inline = createInlineImages(() => props.message);
  const [loaded, setLoaded] = createSignal<HTMLIFrameElement | null>(null, { equals: false });
  createEffect(() => {
    const frame = loaded();
    if (frame === null) return;
    const shown = makeFrame(frame, props.html, props.showRemote);
    onCleanup(shown.stop);
    props.onRemote(shown.remote);
    for (const cid of shown.cids) void inline(cid).then((url) => url && showInlineImage(frame, cid, url));
  });
  return (
    <iframe
      class="html-body"
      title="Message text"
      src={props.showRemote ? FRAME_PAGES.remote : FRAME_PAGES.closed}
      sandbox={FRAME_SANDBOX}
      referrerpolicy="no-referrer"
      on:load={(event) => setLoaded(event.currentTarget as HTMLIFrameElement)}
    />
  );
}

/** Inline images, decrypted when asked for; their blobs are let go with the message. */
function createInlineImages(message: () => ShownMessage): (cid: string) => Promise<string | null> {
  const mail = useMail();
  const urls: string[] = [];
  const leaving = new AbortController();
  onCleanup(() => {
    leaving.abort();
    for (const url of urls) URL.revokeObjectURL(url);
  });
  return async (cid) => {
    const attachment = message().attachments.find(({ info }) => info.cid === cid);
    if (attachment === undefined) return null;
    const ports = { backend: mail.backend, primitives: mail.keys.primitives, keys: message().keys };
    const fetched = await fetchAttachment(
      { ...ports, signal: leaving.signal, onProgress: () => undefined },
      attachment,
    );
    if (fetched.kind !== "fetched" || leaving.signal.aborted) return null;
    const url = URL.createObjectURL(fetched.blob);
    urls.push(url);
    return url;
  };
}
