/**
 * Unlock: the session is still there after a reload, the key is not. The password brings it back.
 */
import { createTitle, usePortal } from "../portal.ts";
import { AccountFrame } from "./account-frame.tsx";
import { PasswordForm } from "./password-form.tsx";
import { problemWords } from "./sign-in-words.ts";

export function UnlockPage(props: { address: string | null }) {
  const { session } = usePortal();
  createTitle(() => "Unlock");
  return (
    <AccountFrame heading="Unlock your messages">
      <PasswordForm
        address={props.address ?? "Signed in on this device"}
        hint="Your messages are locked when this page is closed or loaded again."
        submit={async (password) => problemWords(await session.unlock(password), "unlock")}
      />
      <button class="link-button account__aside" type="button" onClick={() => void session.signOut()}>
        Sign out
      </button>
    </AccountFrame>
  );
}
