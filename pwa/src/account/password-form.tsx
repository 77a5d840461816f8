/**
 * One password and "Sign in": the second step of signing in, and all of unlocking.
 */
import { createSignal, type JSX, Show } from "solid-js";
import { PasswordField } from "./password-field.tsx";
import { Problem } from "./problem.tsx";

interface PasswordFormProps {
  address: string;
  /** Signing in may go back to the first step; unlocking may not. */
  onOtherAddress?: () => void;
  hint?: JSX.Element;
  /** Gives the sentence that says what went wrong, or null. */
  submit: (password: string) => Promise<string | null>;
}

export function PasswordForm(props: PasswordFormProps) {
  const [password, setPassword] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    if (password() === "") {
      setProblem("Type your password.");
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      setProblem(await props.submit(password()));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="account__form" novalidate onSubmit={submit}>
      <p class="account__who">
        <span class="account__address">{props.address}</span>
        <Show when={props.onOtherAddress}>
          <button class="link-button" type="button" onClick={() => props.onOtherAddress?.()}>
            Change
          </button>
        </Show>
      </p>
      <input type="hidden" name="username" autocomplete="username" value={props.address} />
      <PasswordField
        label="Password"
        name="password"
        autocomplete="current-password"
        value={password()}
        onInput={setPassword}
        hint={props.hint}
        invalid={problem() !== null}
        focused
      />
      <Problem>{problem()}</Problem>
      <button class="button button--primary button--wide" type="submit" aria-busy={busy() || undefined}>
        <Show when={busy()}>
          <span class="spinner" aria-hidden="true" />
        </Show>
        Sign in
      </button>
      <p class="visually-hidden" aria-live="polite">
        {busy() ? "Signing in. This takes a few seconds." : ""}
      </p>
    </form>
  );
}
