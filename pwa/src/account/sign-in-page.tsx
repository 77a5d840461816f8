/**
 * Sign-in: e-mail address, Next, password. The second step loads what the first did not need.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import { createSignal, createUniqueId, Show } from "solid-js";
import { createTitle, usePortal } from "../portal.ts";
import { AccountFrame } from "./account-frame.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Problem } from "./problem.tsx";
import { problemWords } from "./sign-in-words.ts";

const NO_ADDRESS = "Enter the e-mail address to which the message was sent, such as name@example.org.";

export function SignInPage(props: { toMessage: boolean; ended: boolean; prepare: () => void }) {
  const { session } = usePortal();
  const [address, setAddress] = createSignal("");
  const [step, setStep] = createSignal<"address" | "password">("address");
  createTitle(() => "Sign in");

  const next = (): void => {
    props.prepare();
    setStep("password");
  };
  return (
    <AccountFrame heading={props.toMessage ? "Read your secure message" : "Read your secure messages"}>
      <Show when={props.ended && step() === "address"}>
        <p class="note">You were signed out. Sign in again to go on.</p>
      </Show>
      <Show
        when={step() === "password"}
        fallback={<AddressForm address={address()} onInput={setAddress} onNext={next} />}
      >
        <PasswordForm
          address={address()}
          onOtherAddress={() => setStep("address")}
          hint="First time here? Type the temporary password that we mailed to you. Capitals, spaces and dashes do not matter."
          submit={async (password) => problemWords(await session.signIn(address(), password), "sign-in")}
        />
      </Show>
    </AccountFrame>
  );
}

function AddressForm(props: { address: string; onInput: (address: string) => void; onNext: () => void }) {
  const id = createUniqueId();
  const [problem, setProblem] = createSignal<string | null>(null);
  const next = (event: Event): void => {
    event.preventDefault();
    if (normaliseAddress(props.address) === undefined) setProblem(NO_ADDRESS);
    else props.onNext();
  };
  return (
    <form class="account__form" novalidate onSubmit={next}>
      <div class="field">
        <label class="field__label" for={id}>
          E-mail address
        </label>
        <input
          class="field__input"
          id={id}
          name="username"
          type="email"
          inputmode="email"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={props.address}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          aria-describedby={`${id}-hint`}
          aria-invalid={problem() !== null || undefined}
        />
        <p class="field__hint" id={`${id}-hint`}>
          The address to which the message was sent.
        </p>
      </div>
      <Problem>{problem()}</Problem>
      <button class="button button--primary button--wide" type="submit">
        Next
      </button>
    </form>
  );
}
