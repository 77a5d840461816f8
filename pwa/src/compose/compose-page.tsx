/**
 * The page on which a message is written. Arranges; `createCompose` thinks.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import type { Correspondent } from "@sealpost/shared/wire/header.ts";
import { useNavigate } from "@solidjs/router";
import {
  createEffect,
  createResource,
  createSignal,
  createUniqueId,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { Problem } from "../account/problem.tsx";
import { useMail } from "../mailbox/mail.ts";
import { usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { type Compose, createCompose } from "./compose.ts";
import { HEADINGS, problemWords } from "./compose-words.ts";
import type { Draft } from "./draft.ts";
import { FileRows } from "./file-rows.tsx";
import { PeopleField } from "./people-field.tsx";
import "./compose.css";

export function ComposePage(props: { draftId: string }) {
  const { drafts } = useMail();
  const [found] = createResource(
    () => props.draftId,
    async (id) => {
      await drafts.loaded;
      return drafts.get(id) ?? "gone";
    },
  );
  const draft = () => {
    const now = found();
    return typeof now === "object" ? now : null;
  };
  return (
    <section class="message" aria-label="Writing">
      <Show when={draft()} keyed fallback={<Show when={found() === "gone"}>{<Gone />}</Show>}>
        {(one) => <Sheet draft={one} />}
      </Show>
    </section>
  );
}

function Gone() {
  return (
    <div class="statement">
      <h1 class="statement__heading">This draft is not here any more</h1>
      <p class="quiet">It was sent or discarded, or it is kept on another device.</p>
    </div>
  );
}

function Sheet(props: { draft: Draft }) {
  const compose = createPageCompose(props.draft);
  const busy = () => compose.status().kind === "sending" || compose.draft.handedIn;
  const known = createKnown();
  return (
    <form
      class="compose"
      onSubmit={(event) => {
        event.preventDefault();
        void compose.send();
      }}
    >
      <h1 class="compose__heading">{HEADINGS[compose.draft.kind]}</h1>
      <PeopleField
        label="To"
        people={compose.draft.to}
        known={known()}
        disabled={busy()}
        focused={props.draft.kind === "new"}
        onPeople={(to) => compose.edit({ to })}
      />
      <PeopleField
        label="Cc"
        people={compose.draft.cc}
        known={known()}
        disabled={busy()}
        onPeople={(cc) => compose.edit({ cc })}
      />
      <TextFields compose={compose} busy={busy()} />
      <FileRows compose={compose} />
      <Problem>{problemWords(compose.status())}</Problem>
      <Actions compose={compose} />
    </form>
  );
}

function TextFields(props: { compose: Compose; busy: boolean }) {
  const id = createUniqueId();
  let area: HTMLTextAreaElement | undefined;
  onMount(() => {
    if (props.compose.draft.kind === "new" || area === undefined) return;
    area.focus({ preventScroll: true });
    area.setSelectionRange(0, 0);
    area.scrollTop = 0;
  });
  return (
    <>
      <div class="compose__field">
        <label class="people__label" for={`${id}-subject`}>
          Subject
        </label>
        <input
          class="compose__subject"
          id={`${id}-subject`}
          type="text"
          autocomplete="off"
          dir="auto"
          maxlength={998}
          readonly={props.busy}
          // Enter in a one-line field would send what is half written.
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
          value={props.compose.draft.subject}
          onInput={(event) => props.compose.edit({ subject: event.currentTarget.value })}
        />
      </div>
      <label class="visually-hidden" for={`${id}-text`}>
        Message
      </label>
      <textarea
        class="compose__text"
        id={`${id}-text`}
        ref={(element) => (area = element)}
        dir="auto"
        rows={12}
        readonly={props.busy}
        value={props.compose.draft.text}
        onInput={(event) => props.compose.edit({ text: event.currentTarget.value })}
      />
    </>
  );
}

function Actions(props: { compose: Compose }) {
  const sending = () => props.compose.status().kind === "sending";
  return (
    <div class="compose__actions">
      <button
        class="button button--primary"
        type="submit"
        aria-busy={sending() || undefined}
        // The field keeps the focus until the click is whole: a chip that appears would move the button away.
        onMouseDown={(event) => event.preventDefault()}
      >
        <Show when={sending()} fallback={<Icon name="sent" />}>
          <span class="spinner" />
        </Show>
        {sending() ? "Sending" : "Send"}
      </button>
      <Attach compose={props.compose} />
      <button
        class="button button--plain compose__discard"
        type="button"
        disabled={sending()}
        onClick={() => void props.compose.discard()}
      >
        Discard
      </button>
      <p class="compose__kept quiet small">
        Kept on this device as you type, sealed. Signing out removes it.
      </p>
    </div>
  );
}

function Attach(props: { compose: Compose }) {
  let picker: HTMLInputElement | undefined;
  const [tooLarge, setTooLarge] = createSignal<string | null>(null);
  const attach = async (chosen: readonly File[]): Promise<void> => {
    setTooLarge(null);
    // Each is noted before the next, so that no two get one part; they go up at the same time.
    for (const file of chosen) if (!(await props.compose.files.add(file))) setTooLarge(file.name);
  };
  return (
    <>
      <button
        class="button"
        type="button"
        disabled={props.compose.draft.handedIn}
        onClick={() => picker?.click()}
      >
        <Icon name="attachment" />
        Attach
      </button>
      <input
        ref={(element) => (picker = element)}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={(event) => {
          void attach([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <div role="alert">
        <Show when={tooLarge()}>
          {(name) => (
            <p class="compose__refused">
              “{name()}” is too large: a file may have 25 MB, all of a message together 50 MB.
            </p>
          )}
        </Show>
      </div>
    </>
  );
}

/** Ties the writing to the page: where it goes when it is done, and that closing the tab asks during an upload. */
function createPageCompose(draft: Draft): Compose {
  const mail = useMail();
  const { config, clock, online, session } = usePortal();
  const navigate = useNavigate();
  const compose = createCompose({
    ...{ draft, online, drafts: mail.drafts, keys: mail.keys, backend: mail.backend, now: clock.now },
    gatewayPublicKey: fromB64(config.gatewayPublicKey) ?? new Uint8Array(),
    onHandedIn: (row) => void mail.outbox.take(row),
    onSignedOut: session.end,
  });
  createEffect(
    on(compose.status, ({ kind }) => {
      if (kind === "handed-in") navigate("/sent");
      if (kind === "discarded") navigate("/inbox");
    }),
  );
  const warn = (event: BeforeUnloadEvent): void => {
    const uploading = compose.draft.files.some(({ content }) => content.kind === "unfinished");
    if (uploading || compose.status().kind === "sending") event.preventDefault();
  };
  window.addEventListener("beforeunload", warn);
  onCleanup(() => window.removeEventListener("beforeunload", warn));
  return compose;
}

/** Who has written before; without an answer, addresses are typed whole. */
function createKnown(): () => Correspondent[] {
  const { backend } = useMail();
  const [rows] = createResource(() => backend.correspondents().catch(() => []));
  return () => (rows() ?? []).map(({ name, address }) => ({ name: name ?? "", address }));
}
