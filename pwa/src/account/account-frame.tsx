/**
 * The sheet of paper on which signing in happens: the seal, the organisation, one question at a time.
 */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { usePortal } from "../portal.ts";
import { Mark } from "../shell/mark.tsx";
import "./account.css";

export function AccountFrame(props: { heading: string; children: JSX.Element }) {
  const { config } = usePortal();
  return (
    <div class="account">
      <main class="account__sheet" id="content" tabindex="-1">
        <p class="account__brand">
          <Mark size={40} />
          <span>{config.organisation}</span>
        </p>
        <h1 class="account__heading" tabindex="-1">
          {props.heading}
        </h1>
        {props.children}
      </main>
      <footer class="account__foot">
        <A href="/genuine">How to check that this is genuine</A>
      </footer>
    </div>
  );
}
