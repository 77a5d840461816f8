/**
 * The routes, and which of them an account must be open for. A linked message asks for sign-in in its own place, so that
 * it is there afterwards.
 */
import { Navigate, Route, Router, useLocation } from "@solidjs/router";
import { ErrorBoundary, type JSX, lazy, Match, Suspense, Switch } from "solid-js";
import type { SessionState } from "./account/session.ts";
import { SignInPage } from "./account/sign-in-page.tsx";
import { UnlockPage } from "./account/unlock-page.tsx";
import { usePortal } from "./portal.ts";
import { BrokenPage, NotFoundPage } from "./shell/plain-page.tsx";

const GenuinePage = lazy(async () => ({ default: (await import("./genuine/genuine-page.tsx")).GenuinePage }));
const NewPasswordPage = lazy(async () => ({
  default: (await import("./account/new-password-page.tsx")).NewPasswordPage,
}));
const OpenAccountPage = lazy(async () => ({
  default: (await import("./mailbox/open-account-page.tsx")).OpenAccountPage,
}));

export function App(props: { prepareSignIn: () => void }) {
  const Guarded = () => <Guard prepareSignIn={props.prepareSignIn} />;
  return (
    <Router root={Frame}>
      <Route path="/genuine" component={GenuinePage} />
      <Route path={["/", "/inbox", "/sent", "/m/:deliveryId", "/write/:draftId"]} component={Guarded} />
      <Route path="*" component={NotFoundPage} />
    </Router>
  );
}

function Frame(props: { children?: JSX.Element }) {
  return (
    <ErrorBoundary fallback={() => <BrokenPage />}>
      <Suspense>{props.children}</Suspense>
    </ErrorBoundary>
  );
}

function Guard(props: { prepareSignIn: () => void }) {
  const { session } = usePortal();
  const location = useLocation();
  const is = <K extends SessionState["kind"]>(kind: K) => {
    const state = session.state();
    return state.kind === kind ? (state as Extract<SessionState, { kind: K }>) : null;
  };
  return (
    <Switch>
      <Match when={is("signed-out")}>
        {(state) => (
          <SignInPage
            toMessage={location.pathname.startsWith("/m/")}
            ended={state().ended}
            prepare={props.prepareSignIn}
          />
        )}
      </Match>
      <Match when={is("locked")}>
        {(state) => <UnlockPage address={state().account?.address ?? null} />}
      </Match>
      <Match when={is("new-password")}>
        {(state) => <NewPasswordPage address={state().account.address} />}
      </Match>
      <Match when={is("open") !== null && location.pathname === "/"}>
        <Navigate href="/inbox" />
      </Match>
      <Match when={is("open")}>
        {(state) => <OpenAccountPage account={state().account} keys={state().keys} />}
      </Match>
    </Switch>
  );
}
