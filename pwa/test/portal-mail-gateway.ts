/**
 * The end of portal mail for the portal's tests: takes parcels, opens them with a real gateway key, and answers as the database
 * does.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import type { KeyPair } from "@sealpost/shared/crypto/primitives.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { type OpenedPortalMail, openPortalMail } from "@sealpost/shared/portal-mail/seal.ts";
import type { CorrespondentRow, HeldMailRow, PortalMailRow } from "../src/backend/portal-mail.ts";
import type { Person } from "./deployment.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);

export class PortalMailGateway {
  readonly publicKey: Uint8Array;
  rows: PortalMailRow[] = [];
  /** What came in, opened as its writer's. */
  arrived: OpenedPortalMail[] = [];
  correspondents: CorrespondentRow[] = [];
  held: HeldMailRow | null = null;
  decisions: unknown[] = [];
  readonly stored = new Set<string>();
  readonly #pair: KeyPair;
  readonly #writer: Person;

  constructor(pair: KeyPair, writer: Person) {
    this.#pair = pair;
    this.publicKey = pair.publicKey;
    this.#writer = writer;
  }

  store(name: string): string {
    this.stored.add(name);
    return name;
  }

  /** What becomes of all that waits. */
  settle(state: PortalMailRow["state"], error: string | null): void {
    for (const row of this.rows) Object.assign(row, { state, error });
  }

  answer(name: string, body: Record<string, unknown>): unknown {
    switch (name) {
      case "my_correspondents":
        return this.correspondents;
      case "my_portal_mail":
        return this.rows;
      case "withdraw_portal_mail":
        this.rows = this.rows.filter(({ id }) => id !== body.p_id);
        return true;
      case "reserve_portal_upload":
        return this.#reserve(`${body.p_portal_mail_id}-${body.p_part}-${body.p_piece}`);
      case "drop_portal_uploads":
        return 0;
      case "send_portal_mail":
        return this.#take(body);
      case "held_mail":
        return this.held;
      case "decide_held":
        this.decisions.push(body);
        return { kind: "decided", decision: body.p_decision };
      default:
        return null;
    }
  }

  #reserve(name: string): unknown {
    return { kind: "reserved", name, uploaded: this.stored.has(name) };
  }

  #take(body: Record<string, unknown>): unknown {
    const id = String(body.p_id);
    const known = this.rows.find((row) => row.id === id);
    if (known !== undefined) return { kind: known.state, ...known };
    const row: PortalMailRow = {
      ...{ id, state: "sending", error: null, created_at: new Date().toISOString(), finished_at: null },
      ...{ message_id: null, delivery_id: null, key_version: Number(body.p_key_version) },
      own_copy: String(body.p_own_copy),
    };
    this.rows.unshift(row);
    void this.#open(id, String(body.p_parcel));
    return { kind: "sending", ...row };
  }

  async #open(id: string, parcel: string): Promise<void> {
    const { account, bare } = this.#writer;
    const opened = await openPortalMail(primitives, {
      gateway: this.#pair,
      account: { id: account.id, keyVersion: account.key_version, publicKey: bare.publicKey },
      id,
      parcel: fromB64(parcel) ?? new Uint8Array(),
    });
    if (opened.kind === "opened") this.arrived.push(opened.value);
  }
}

export async function makeGateway(writer: Person): Promise<PortalMailGateway> {
  const pair = await primitives.importKeyPair(await primitives.generateBareKey());
  if (pair === undefined) throw new Error("no gateway key");
  return new PortalMailGateway(pair, writer);
}
