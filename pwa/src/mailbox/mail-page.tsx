/**
 * The open account: folders, list, and message side by side where there is room, one after the other on a phone.
 */
import { A, useLocation, useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, lazy, Match, on, Show, Suspense, Switch } from "solid-js";
import type { Folder } from "../backend/backend.ts";
import { MessagePage } from "../message/message-page.tsx";
import { usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { Mark } from "../shell/mark.tsx";
import { createWaking } from "./catch-up.ts";
import { useMail } from "./mail.ts";
import { MessageList } from "./message-list.tsx";
import "./mail.css";
import "./mail-wide.css";

const ComposePage = lazy(async () => ({
  default: (await import("../compose/compose-page.tsx")).ComposePage,
}));

export function MailPage() {
  const mail = useMail();
  const { session, clock } = usePortal();
  const location = useLocation();
  const params = useParams<{ deliveryId?: string; draftId?: string }>();
  const [folder, setFolder] = createSignal<Folder>("inbox");
  const showing = createMemo(() =>
    params.deliveryId === undefined && params.draftId === undefined ? "list" : "message",
  );
  const title = createMemo(() => {
    if (params.draftId !== undefined) return "Writing";
    return params.deliveryId === undefined ? null : "Message";
  });

  createEffect(() => {
    if (location.pathname === "/sent") setFolder("sent");
    if (location.pathname === "/inbox") setFolder("inbox");
  });
  const catchUp = (): void => {
    void mail.folders[folder()].refresh();
    if (folder() === "sent") void mail.outbox.refresh();
  };
  createEffect(on(folder, catchUp));
  createWaking({ now: clock.now, window, document }, catchUp);
  mail.onLive((event) => event.kind === "reconnected" && catchUp());
  createScrollMemory(showing);

  return (
    <div class="mail" data-showing={showing()}>
      <a class="skip-link" href="#content">
        Skip to the messages
      </a>
      <header class="mail__bar">
        <Brand folder={folder()} showing={showing()} />
        <FolderLinks folder={folder()} />
        <div class="mail__account">
          <span class="mail__address" title={mail.address}>
            {mail.address}
          </span>
          <button class="button button--plain" type="button" onClick={() => void session.signOut()}>
            <Icon name="exit" />
            Sign out
          </button>
        </div>
      </header>
      <main class="mail__content" id="content" tabindex="-1">
        <MessageList folder={folder()} selected={params.deliveryId ?? null} title={title()} />
        <Switch fallback={<p class="mail__none quiet">Choose a message to read it here.</p>}>
          <Match when={params.draftId}>
            {(draftId) => (
              <Suspense>
                <ComposePage draftId={draftId()} />
              </Suspense>
            )}
          </Match>
          <Match when={params.deliveryId}>
            {(deliveryId) => <MessagePage deliveryId={deliveryId()} onFolder={setFolder} />}
          </Match>
        </Switch>
      </main>
    </div>
  );
}

function Brand(props: { folder: Folder; showing: "list" | "message" }) {
  const { config } = usePortal();
  return (
    <>
      <p class="mail__brand">
        <Mark size={28} />
        <span>{config.organisation}</span>
      </p>
      <Show when={props.showing === "message"}>
        <A class="mail__back" href={`/${props.folder}`}>
          <Icon name="back" />
          Back <span class="visually-hidden">to the list</span>
        </A>
      </Show>
    </>
  );
}

function FolderLinks(props: { folder: Folder }) {
  const mail = useMail();
  const unread = () =>
    mail.folders.inbox.state.items.filter(({ row }) => row.read_at === null && row.state === "readable")
      .length;
  const current = (name: Folder) => (props.folder === name ? "page" : undefined);
  return (
    <nav class="mail__folders" aria-label="Folders">
      <A href="/inbox" class="mail__folder" aria-current={current("inbox")} activeClass="" inactiveClass="">
        <Icon name="inbox" />
        <span>Inbox</span>
        <Show when={unread() > 0}>
          <span class="mail__unread" aria-hidden="true">
            {unread()}
          </span>
        </Show>
      </A>
      <A href="/sent" class="mail__folder" aria-current={current("sent")} activeClass="" inactiveClass="">
        <Icon name="sent" />
        <span>Sent</span>
      </A>
    </nav>
  );
}

/** On a phone the list and the message share the page's scrolling: coming back finds the list where it was. */
function createScrollMemory(showing: () => "list" | "message"): void {
  let listScroll = 0;
  const remember = (): void => {
    if (showing() === "list") listScroll = window.scrollY;
  };
  createEffect(
    on(showing, (now) => {
      if (now === "list") {
        window.scrollTo(0, listScroll);
        window.addEventListener("scroll", remember, { passive: true });
      } else {
        window.removeEventListener("scroll", remember);
        window.scrollTo(0, 0);
      }
    }),
  );
}
