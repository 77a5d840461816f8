/**
 * The organisation as of now: read again every few seconds, so that an administrator's change reaches a running gateway.
 *
 * When the database is away, or holds something that this gateway cannot read, the last good reading stays in force.
 */
import type { Database } from "../database/database.ts";
import { causeOf, type Log } from "../log.ts";
import { type Organisation, readOrganisation } from "./organisation.ts";

export type CurrentOrganisation = {
  /** Undefined until it was read for the first time. */
  get(): Organisation | undefined;
  /** Reads it now. Never throws; true if it was read. */
  refresh(): Promise<boolean>;
};

export function makeCurrentOrganisation(database: Database, log: Log): CurrentOrganisation {
  let current: Organisation | undefined;
  let complaint: string | undefined;

  const complain = (what: string) => {
    if (complaint !== what) log("warn", "the organisation's settings could not be read", { what });
    complaint = what;
    return false;
  };

  return {
    get: () => current,
    async refresh() {
      try {
        const call = { name: "gateway_config", text: "select private.gateway_config()", values: [] };
        const read = readOrganisation(await database.call(call));
        if (read === undefined) return complain("unknown shape");
        current = read;
        complaint = undefined;
        return true;
      } catch (error) {
        return complain(causeOf(error));
      }
    },
  };
}
