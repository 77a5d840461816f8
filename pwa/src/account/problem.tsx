/**
 * What went wrong in a form, said once and read out at once, with the mend.
 */
import { type JSX, Show } from "solid-js";
import { Icon } from "../shell/icon.tsx";

export function Problem(props: { children: JSX.Element | null }) {
  return (
    <div role="alert">
      <Show when={props.children}>
        <p class="note note--problem">
          <Icon name="warning" />
          <span>{props.children}</span>
        </p>
      </Show>
    </div>
  );
}
