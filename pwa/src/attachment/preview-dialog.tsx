/**
 * A picture over the page, for looking at; the way to see an attachment that may not be downloaded.
 */
import { Dialog } from "@kobalte/core/dialog";
import { createMemo, onCleanup } from "solid-js";
import { Icon } from "../shell/icon.tsx";
import "./preview-dialog.css";

export function PreviewDialog(props: { name: string; blob: Blob; onClose: () => void }) {
  const url = createMemo(() => {
    const made = URL.createObjectURL(props.blob);
    onCleanup(() => URL.revokeObjectURL(made));
    return made;
  });
  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="preview__veil" />
        <Dialog.Content class="preview">
          <header class="preview__bar">
            <Dialog.Title class="preview__name">{props.name}</Dialog.Title>
            <Dialog.CloseButton class="button button--plain" aria-label="Close">
              <Icon name="close" />
            </Dialog.CloseButton>
          </header>
          <img
            class="preview__image"
            src={url()}
            alt={props.name}
            draggable={false}
            onContextMenu={(event) => event.preventDefault()}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
