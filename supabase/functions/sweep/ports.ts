/** What sweep works with, from its environment. */
import { BackendError } from "../_shared/backend.ts";
import { openEnvironment, type ReadVariable } from "../_shared/environment.ts";
import { kickEnvironment } from "../_shared/kick-environment.ts";
import type { SweepPorts } from "./sweep.ts";

/** The bucket of encrypted attachments. */
const BUCKET = "attachments";

export function portsFromEnvironment(read: ReadVariable): SweepPorts {
  const environment = openEnvironment(read);
  const { rim, connect } = kickEnvironment("sweep", environment);
  environment.finish();
  const backend = connect();
  return {
    rim,
    claim: (most) => backend.call<string[]>("objects_to_sweep", { p_most: most }),
    async remove(names) {
      const { error } = await backend.storage.from(BUCKET).remove([...names]);
      if (error) throw new BackendError("objects", error.name);
    },
    forget: (names) => backend.call<number>("objects_swept", { p_names: names }),
  };
}
