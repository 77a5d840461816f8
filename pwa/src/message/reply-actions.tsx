/**
 * Reply and Reply all, or why not. A disabled action stays reachable, so that its reason can be read.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import { mayReply, type ReplyPermission } from "@sealpost/shared/portal-mail/permission.ts";
import { replyRecipients } from "@sealpost/shared/portal-mail/reply.ts";
import { createUniqueId, Show } from "solid-js";
import { useWriting } from "../compose/start-draft.ts";
import { useMail } from "../mailbox/mail.ts";
import { Icon } from "../shell/icon.tsx";
import type { ShownMessage } from "./open.ts";

type ReplyKind = "reply" | "reply-all";

const REASONS: Record<Extract<ReplyPermission, { kind: "refused" }>["because"], string> = {
  "reply-forbidden": "The sender does not allow replies.",
  "reply-all-forbidden": "The sender allows a reply only to the sender.",
  ended: "The message has ended, so it can no longer be answered.",
};

export function ReplyActions(props: { message: ShownMessage }) {
  const mail = useMail();
  const writing = useWriting();
  const reasonId = createUniqueId();
  const reasonFor = (kind: ReplyKind): string | null => {
    const { header, controls } = props.message;
    // What has ended is not on screen any more.
    const answered = { owner: normaliseAddress(header.from.address) ?? "", controls, ended: false };
    const permission = mayReply(answered, mail.address, kind);
    return permission.kind === "allowed" ? null : REASONS[permission.because];
  };
  const others = () => {
    const { to, cc } = replyRecipients("reply-all", props.message.header, mail.address);
    return to.length + cc.length > 1;
  };
  const reason = () => reasonFor("reply") ?? (others() ? reasonFor("reply-all") : null);
  const action = (kind: ReplyKind) => (
    <button
      class="button"
      type="button"
      aria-disabled={reasonFor(kind) !== null || undefined}
      aria-describedby={reasonFor(kind) === null ? undefined : reasonId}
      onClick={() => reasonFor(kind) === null && writing.reply(kind, props.message)}
    >
      <Icon name={kind === "reply" ? "reply" : "replyAll"} />
      {kind === "reply" ? "Reply" : "Reply all"}
    </button>
  );
  return (
    <div class="action">
      {action("reply")}
      <Show when={others()}>{action("reply-all")}</Show>
      <Show when={reason()}>
        {(words) => (
          <p class="action__reason" id={reasonId}>
            {words()}
          </p>
        )}
      </Show>
    </div>
  );
}
