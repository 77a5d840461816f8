/**
 * A page with one thing to say: not found, not secure, could not start, something broke.
 */
import { createEffect, type JSX } from "solid-js";
import { Mark } from "./mark.tsx";
import "./plain-page.css";

function PlainPage(props: { heading: string; children: JSX.Element }) {
  let heading: HTMLHeadingElement | undefined;
  createEffect(() => {
    document.title = props.heading;
    heading?.focus({ preventScroll: true });
  });
  return (
    <main class="plain" id="content">
      <Mark size={40} />
      <h1 tabindex="-1" ref={(element) => (heading = element)}>
        {props.heading}
      </h1>
      {props.children}
    </main>
  );
}

export function NotFoundPage() {
  return (
    <PlainPage heading="There is no such page">
      <p class="quiet">The address may be mistyped or cut off. Your messages are in the inbox.</p>
      <p>
        <a class="button" href="/">
          Go to the inbox
        </a>
      </p>
    </PlainPage>
  );
}

/** Without a secure context the browser gives no cryptography, and no password may be typed. */
export function InsecurePage() {
  return (
    <PlainPage heading="This page did not arrive safely">
      <p class="quiet">
        The address begins with “http” instead of “https”, so others could read what you type. Nothing can be
        opened here. Type the address again with “https” in front, and do not enter your password before.
      </p>
    </PlainPage>
  );
}

export function NoStartPage() {
  return (
    <PlainPage heading="The page could not start">
      <p class="quiet">Your messages are safe. Check your connection, then load the page again.</p>
      <p>
        <button class="button" type="button" onClick={() => location.reload()}>
          Load again
        </button>
      </p>
    </PlainPage>
  );
}

/** The rim: what nobody expected ends here, without a word of what was on screen. */
export function BrokenPage() {
  return (
    <PlainPage heading="Something went wrong on this page">
      <p class="quiet">Your messages are safe. Load the page again, then sign in.</p>
      <p>
        <button class="button" type="button" onClick={() => location.reload()}>
          Load again
        </button>
      </p>
    </PlainPage>
  );
}
