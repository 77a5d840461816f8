/**
 * The forced change of a temporary password, with a checklist that follows the typing.
 */
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { createTitle, usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { AccountFrame } from "./account-frame.tsx";
import { PasswordField } from "./password-field.tsx";
import { allMet, passwordRules, type Rule } from "./password-rules.ts";
import { Problem } from "./problem.tsx";
import { problemWords } from "./sign-in-words.ts";

export function NewPasswordPage(props: { address: string }) {
  const { session, config } = usePortal();
  const [password, setPassword] = createSignal("");
  const [repeated, setRepeated] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const loadGuesser = async () => {
    const { createGuesser } = await import("./strength.ts");
    return createGuesser([props.address, config.organisation]);
  };
  const [loading, setLoading] = createSignal(loadGuesser());
  const [guesser] = createResource(loading, (promise) => promise.catch(() => null));
  const rules = createMemo(() =>
    passwordRules({
      password: password(),
      repeated: repeated(),
      guess: guesser()?.(password()) ?? null,
    }),
  );
  createTitle(() => "Choose your password");

  /** Somebody quicker than the download of the dictionaries waits for it, instead of being told that a point is open. */
  const notMet = async (): Promise<string | null> => {
    const guess = await loading().catch(() => null);
    if (guess === null) {
      setLoading(loadGuesser());
      return "The check of new passwords could not be loaded. Check your connection, then choose Set password again.";
    }
    const judged = passwordRules({ password: password(), repeated: repeated(), guess: guess(password()) });
    return allMet(judged) ? null : "The new password does not meet every point of the list yet.";
  };

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    setProblem(null);
    try {
      setProblem((await notMet()) ?? problemWords(await session.setPassword(password()), "new-password"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <AccountFrame heading="Choose your own password">
      <p class="quiet">
        It replaces the temporary one, for <strong class="account__address">{props.address}</strong>. Only
        this password opens your messages: nobody else can look it up, so write it down or keep it in a
        password manager.
      </p>
      <form class="account__form" novalidate onSubmit={submit}>
        <input type="hidden" name="username" autocomplete="username" value={props.address} />
        <PasswordField
          label="New password"
          name="new-password"
          autocomplete="new-password"
          value={password()}
          onInput={setPassword}
          describedBy="password-rules"
          focused
        />
        <Checklist rules={rules()} />
        <PasswordField
          label="Repeat new password"
          name="repeat-password"
          autocomplete="new-password"
          value={repeated()}
          onInput={setRepeated}
        />
        <Problem>{problem()}</Problem>
        <button class="button button--primary button--wide" type="submit" aria-busy={busy() || undefined}>
          <Show when={busy()}>
            <span class="spinner" aria-hidden="true" />
          </Show>
          Set password
        </button>
      </form>
    </AccountFrame>
  );
}

function Checklist(props: { rules: Rule[] }) {
  const open = () => props.rules.filter((rule) => !rule.met).length;
  return (
    <div class="checklist">
      <ul id="password-rules">
        <For each={props.rules}>
          {(rule) => (
            <li class="checklist__rule" classList={{ "checklist__rule--met": rule.met }}>
              <span class="checklist__mark">
                <Show when={rule.met}>
                  <Icon name="check" />
                </Show>
              </span>
              <span>
                {rule.name}
                <span class="visually-hidden">{rule.met ? " (met)" : " (not yet)"}</span>
                <Show when={rule.hint}>
                  <span class="checklist__hint">{rule.hint}</span>
                </Show>
              </span>
            </li>
          )}
        </For>
      </ul>
      <p class="visually-hidden" aria-live="polite">
        {open() === 0 ? "All points are met." : `${open()} of ${props.rules.length} points are open.`}
      </p>
    </div>
  );
}
