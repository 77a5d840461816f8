/**
 * The rim of the open account: makes its mail, and takes it apart when the account closes.
 */
import { createResource, Show } from "solid-js";
import type { OpenAccount } from "../account/vault.ts";
import type { AccountRow, Backend } from "../backend/backend.ts";
import { browserDrafts } from "../compose/browser-drafts.ts";
import { usePortal } from "../portal.ts";
import { createMail, MailProvider } from "./mail.ts";
import { MailPage } from "./mail-page.tsx";

interface OpenAccountProps {
  account: AccountRow;
  keys: OpenAccount;
}

export function OpenAccountPage(props: OpenAccountProps) {
  const { backend } = usePortal();
  const [ready] = createResource(backend);
  return <Show when={ready()}>{(server) => <WithMail {...props} backend={server()} />}</Show>;
}

function WithMail(props: OpenAccountProps & { backend: Backend }) {
  const { clock, session } = usePortal();
  const mail = createMail({
    account: props.account,
    keys: props.keys,
    backend: props.backend,
    draftBox: browserDrafts(indexedDB, props.account.id),
    now: clock.now,
    onSignedOut: session.end,
  });
  return (
    <MailProvider value={mail}>
      <MailPage />
    </MailProvider>
  );
}
