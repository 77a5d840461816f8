/**
 * The address that a notice comes back to, `notices+<token>@<notice domain>`: the one for which mail is taken from anybody.
 */
import { domainOf, normaliseAddress } from "@sealpost/shared/address.ts";
import { isUuid } from "@sealpost/shared/bytes.ts";

const prefix = "notices+";

/** The token of the notice; undefined for any other address. */
export function returnToken(address: string, noticeDomain: string): string | undefined {
  const normalised = normaliseAddress(address);
  if (normalised === undefined || domainOf(normalised) !== noticeDomain) return undefined;
  const local = normalised.slice(0, normalised.lastIndexOf("@"));
  const token = local.startsWith(prefix) ? local.slice(prefix.length) : "";
  return isUuid(token) ? token : undefined;
}
