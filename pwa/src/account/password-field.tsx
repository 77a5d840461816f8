/**
 * A password field whose characters can be shown, since people mistype what they cannot see.
 */
import { createSignal, createUniqueId, type JSX } from "solid-js";

interface PasswordFieldProps {
  label: string;
  name: string;
  autocomplete: "current-password" | "new-password";
  value: string;
  onInput: (value: string) => void;
  hint?: JSX.Element;
  describedBy?: string | undefined;
  invalid?: boolean;
  focused?: boolean;
}

export function PasswordField(props: PasswordFieldProps) {
  const id = createUniqueId();
  const [shown, setShown] = createSignal(false);
  const describedBy = () => [props.describedBy, props.hint ? `${id}-hint` : null].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {props.label}
      </label>
      <div class="field__row">
        <input
          class="field__input field__input--password"
          id={id}
          ref={(input) => props.focused && queueMicrotask(() => input.focus())}
          name={props.name}
          type={shown() ? "text" : "password"}
          autocomplete={props.autocomplete}
          autocapitalize="none"
          spellcheck={false}
          required
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          aria-describedby={describedBy() || undefined}
          aria-invalid={props.invalid || undefined}
        />
        <button
          class="field__show"
          type="button"
          aria-controls={id}
          aria-pressed={shown()}
          onClick={() => setShown(!shown())}
        >
          {shown() ? "Hide" : "Show"}
        </button>
      </div>
      {props.hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}
