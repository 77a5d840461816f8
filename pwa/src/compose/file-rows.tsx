/**
 * The files of a draft: name, size, how far each is, and the one thing that mends what went wrong.
 */
import { For, Match, Show, Switch } from "solid-js";
import { sizeWords } from "../attachment/attachment.ts";
import { Icon } from "../shell/icon.tsx";
import type { UploadState } from "./attached-files.ts";
import type { Compose } from "./compose.ts";
import type { DraftFile } from "./draft.ts";

export function FileRows(props: { compose: Compose }) {
  return (
    <Show when={props.compose.draft.files.length > 0}>
      <ul class="files" aria-label="Attachments">
        <For each={props.compose.draft.files}>
          {(file) => <FileRow file={file} compose={props.compose} />}
        </For>
      </ul>
    </Show>
  );
}

function FileRow(props: { file: DraftFile; compose: Compose }) {
  const { files } = props.compose;
  const upload = () =>
    props.file.content.kind === "unfinished" ? files.uploads[props.file.part] : undefined;
  const uploading = () => upload()?.kind === "uploading";
  return (
    <li class="file">
      <Icon name="attachment" />
      <div class="file__what">
        <bdi class="file__name">{props.file.name}</bdi>
        <span class="quiet small">{sizeWords(props.file.size)}</span>
        <UploadWords upload={upload()} name={props.file.name} />
      </div>
      <Show when={upload()?.kind === "offline" || upload()?.kind === "failed"}>
        <button class="link-button" type="button" onClick={() => void files.retry(props.file.part)}>
          Try again
        </button>
      </Show>
      <button
        class="link-button file__remove"
        type="button"
        aria-label={`${uploading() ? "Cancel" : "Remove"} ${props.file.name}`}
        onClick={() => void files.remove(props.file.part)}
      >
        {uploading() ? "Cancel" : "Remove"}
      </button>
    </li>
  );
}

const PROBLEMS: Record<Exclude<UploadState["kind"], "uploading">, string> = {
  "over-quota": "There is no room left for your attachments. Remove one, or send some later.",
  "too-large": "This file is larger than can be sent.",
  offline: "The connection was lost. It goes on where it stopped.",
  failed: "Our server did not take this file.",
  lost: "This file was not uploaded to its end. Remove it, then attach it again.",
};

function UploadWords(props: { upload: UploadState | undefined; name: string }) {
  const uploading = () => (props.upload?.kind === "uploading" ? props.upload : null);
  const problem = () =>
    props.upload === undefined || props.upload.kind === "uploading" ? null : PROBLEMS[props.upload.kind];
  return (
    <div aria-live="polite">
      <Switch>
        <Match when={uploading()}>
          {(state) => (
            <progress
              class="file__progress"
              max="1"
              value={state().done}
              aria-label={`Upload of ${props.name}`}
            />
          )}
        </Match>
        <Match when={problem()}>{(words) => <p class="file__problem">{words()}</p>}</Match>
      </Switch>
    </div>
  );
}
