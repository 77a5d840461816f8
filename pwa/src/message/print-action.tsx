/**
 * Print, or why not. A disabled action stays reachable, so that its reason can be read.
 */
import { Show } from "solid-js";
import { Icon } from "../shell/icon.tsx";

export function PrintAction(props: { allowed: boolean }) {
  return (
    <div class="action">
      <button
        class="button"
        type="button"
        aria-disabled={!props.allowed || undefined}
        aria-describedby={props.allowed ? undefined : "print-reason"}
        onClick={() => props.allowed && window.print()}
      >
        <Icon name="print" />
        Print
      </button>
      <Show when={!props.allowed}>
        <p class="action__reason" id="print-reason">
          The sender does not allow printing.
        </p>
      </Show>
    </div>
  );
}
