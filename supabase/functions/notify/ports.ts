/** What notify works with, from its environment. */
import { openEnvironment, type ReadVariable } from "../_shared/environment.ts";
import { kickEnvironment } from "../_shared/kick-environment.ts";
import { mailEnvironment } from "../_shared/mail-environment.ts";
import { outboxOf } from "../_shared/outbox.ts";
import type { DueNotice, NotifyPorts } from "./notify.ts";

export function portsFromEnvironment(read: ReadVariable): NotifyPorts {
  const environment = openEnvironment(read);
  const { rim, connect } = kickEnvironment("notify", environment);
  const mail = mailEnvironment(environment);
  environment.finish();
  const backend = connect();
  return {
    ...mail,
    rim,
    outbox: outboxOf(backend),
    claim: (most) => backend.call<DueNotice[]>("claim_notices", { p_most: most }),
  };
}
