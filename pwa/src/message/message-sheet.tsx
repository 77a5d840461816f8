/**
 * An opened message: who, to whom, until when; the mail itself; its attachments; what may be done with it.
 */
import { type JSX, Show } from "solid-js";
import { AttachmentList } from "../attachment/attachment-list.tsx";
import { MessageBodyView } from "./message-body.tsx";
import { MessageHead } from "./message-head.tsx";
import type { ShownMessage } from "./open.ts";
import { PrintAction } from "./print-action.tsx";
import { ReplyActions } from "./reply-actions.tsx";

export function MessageSheet(props: { message: ShownMessage; tracking: JSX.Element; review: JSX.Element }) {
  const listed = () => props.message.attachments.filter(({ info }) => !info.inline);
  return (
    <div class="sheet" classList={{ "sheet--no-print": !props.message.controls.print }}>
      <MessageHead message={props.message} />
      {props.review}
      {props.tracking}
      <div class="sheet__body">
        <MessageBodyView message={props.message} />
      </div>
      <Show when={listed().length > 0}>
        <AttachmentList message={props.message} attachments={listed()} />
      </Show>
      <footer class="sheet__actions">
        <ReplyActions message={props.message} />
        <PrintAction allowed={props.message.controls.print} />
      </footer>
      <p class="sheet__print-note">The sender does not allow this message to be printed.</p>
    </div>
  );
}
