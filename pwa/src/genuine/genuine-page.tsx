/**
 * How to check that a notice and this page are genuine, for the stranger who half suspects fraud.
 */
import { A } from "@solidjs/router";
import { onMount } from "solid-js";
import { createTitle, usePortal } from "../portal.ts";
import { Mark } from "../shell/mark.tsx";
import "./genuine.css";

export function GenuinePage() {
  const { config } = usePortal();
  const portal = () => URL.parse(config.portalUrl)?.host ?? config.portalUrl;
  let heading: HTMLHeadingElement | undefined;
  createTitle(() => "Is this genuine?");
  onMount(() => heading?.focus({ preventScroll: true }));
  return (
    <main class="genuine" id="content">
      <p class="genuine__brand">
        <Mark size={40} />
        <span>{config.organisation}</span>
      </p>
      <h1 tabindex="-1" ref={(element) => (heading = element)}>
        How to check that this is genuine
      </h1>
      <p>
        It is right to be careful. You can check a secure message from {config.organisation} without clicking
        anything in the mail that told you of it.
      </p>
      <ol class="genuine__steps">
        <li>
          <h2>Type the address yourself</h2>
          <p>
            Open a new tab and type <strong class="genuine__address">{portal()}</strong>. Your message waits
            there too; you do not need the link. If your browser shows another address now, close this page.
          </p>
        </li>
        <li>
          <h2>Ask the sender</h2>
          <p>
            Call the person who wrote to you, on a number that you already have, and ask whether they sent you
            a secure message.
          </p>
        </li>
        <li>
          <h2>Know what we never do</h2>
          <p>
            We never ask for a password by mail or by phone. We never attach files to a notice. The temporary
            password comes in a mail of its own, and works once.
          </p>
        </li>
      </ol>
      <h2>Why the message is not in the mail itself</h2>
      <p>
        Ordinary mail can be read on its way. Here the message is locked with your key: it is unlocked on this
        device, with your password, and neither the server nor {config.organisation}’s backups can read it.
      </p>
      <h2>If something is wrong</h2>
      <p>
        If you did not expect the mail, leave it: without your password nobody can read the message. If you
        typed your password on another site, sign in here and tell the sender.
      </p>
      <p>
        <A class="button" href="/">
          Go to sign in
        </A>
      </p>
    </main>
  );
}
