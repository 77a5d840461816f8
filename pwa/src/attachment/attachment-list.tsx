/**
 * The attachments of a message: a button each, named by its file, that downloads or shows it as the sender allows.
 */
import { createSignal, For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { useMail } from "../mailbox/mail.ts";
import type { ShownMessage } from "../message/open.ts";
import { Icon } from "../shell/icon.tsx";
import { type Attachment, canPreview, safeFileName, sizeWords } from "./attachment.ts";
import { createDownload, type DownloadState } from "./download.ts";
import { fetchAttachment } from "./fetch-attachment.ts";
import { saveFile } from "./save-file.ts";

const Preview = lazy(async () => ({ default: (await import("./preview-dialog.tsx")).PreviewDialog }));

export function AttachmentList(props: { message: ShownMessage; attachments: Attachment[] }) {
  return (
    <section class="attachments" aria-label="Attachments">
      <ul>
        <For each={props.attachments}>
          {(attachment) => <AttachmentItem message={props.message} attachment={attachment} />}
        </For>
      </ul>
      <Show when={!props.message.controls.download}>
        <p class="action__reason">The sender does not allow downloads. Pictures can be looked at here.</p>
      </Show>
    </section>
  );
}

function AttachmentItem(props: { message: ShownMessage; attachment: Attachment }) {
  const mail = useMail();
  const [preview, setPreview] = createSignal<Blob | null>(null);
  let button: HTMLButtonElement | undefined;
  const closePreview = (): void => {
    setPreview(null);
    button?.focus();
  };
  const name = () => safeFileName(props.attachment.info.name);
  const downloads = () => props.message.controls.download;
  const possible = () => downloads() || canPreview(props.attachment.info);
  const download = createDownload(
    (signal, onProgress) =>
      fetchAttachment(
        {
          backend: mail.backend,
          primitives: mail.keys.primitives,
          keys: props.message.keys,
          signal,
          onProgress,
        },
        props.attachment,
      ),
    (blob) => (downloads() ? saveFile(blob, name()) : setPreview(blob)),
  );
  return (
    <li class="attachment">
      <Icon name={canPreview(props.attachment.info) ? "image" : "attachment"} />
      <div class="attachment__what">
        <button
          class="attachment__open"
          type="button"
          ref={(element) => {
            button = element;
          }}
          dir="auto"
          aria-disabled={!possible() || undefined}
          onClick={() => possible() && void download.start()}
        >
          {name()}
        </button>
        <span class="attachment__size">{sizeWords(props.attachment.info.size)}</span>
        <StateWords state={download.state()} possible={possible()} downloads={downloads()} />
      </div>
      <Show
        when={download.state().kind === "arriving"}
        fallback={<ActionIcon possible={possible()} downloads={downloads()} />}
      >
        <button class="link-button attachment__cancel" type="button" onClick={download.cancel}>
          Cancel
        </button>
      </Show>
      <Suspense>
        <Show when={preview()}>
          {(blob) => <Preview name={name()} blob={blob()} onClose={closePreview} />}
        </Show>
      </Suspense>
    </li>
  );
}

function ActionIcon(props: { possible: boolean; downloads: boolean }) {
  return (
    <Show when={props.possible}>
      <span class="attachment__action">
        <Icon name={props.downloads ? "download" : "eye"} />
      </span>
    </Show>
  );
}

function StateWords(props: { state: DownloadState; possible: boolean; downloads: boolean }) {
  const arriving = () => (props.state.kind === "arriving" ? props.state : null);
  return (
    <>
      <Show when={arriving()}>
        {(state) => (
          <progress class="attachment__progress" max="1" value={state().done} aria-label="Download" />
        )}
      </Show>
      <p class="attachment__state" aria-live="polite">
        <Switch>
          <Match when={!props.possible}>
            <span class="quiet">This kind of file cannot be shown here, and may not be downloaded.</span>
          </Match>
          <Match when={props.state.kind === "arriving"}>
            <span class="visually-hidden">Downloading and decrypting</span>
          </Match>
          <Match when={props.state.kind === "arrived" && props.downloads}>Downloaded and checked.</Match>
          <Match when={props.state.kind === "altered"}>
            <span class="attachment__bad">
              This file was altered after it was sent, so it is not handed to you. Tell the sender.
            </span>
          </Match>
          <Match when={props.state.kind === "offline"}>
            <span class="attachment__bad">The connection was lost. Try again when you are connected.</span>
          </Match>
          <Match when={props.state.kind === "failed"}>
            <span class="attachment__bad">Our server did not send this file. Try again in a minute.</span>
          </Match>
        </Switch>
      </p>
    </>
  );
}
