/**
 * Opened or unreadable: how every opening function of this room answers. Unreadable things are expected (an attacker, an
 * older app, a damaged disk), so they are values. None of them says more than where it failed.
 */

/** Why something sealed gave nothing. `what` names the thing, never its content. */
export type Unreadable =
  /** Changed, moved from another place, or made by somebody without the key. */
  | { kind: "forged"; what: string }
  /** Not even the right shape. */
  | { kind: "malformed"; what: string }
  /** Written by a newer (or no) version of Sealpost. */
  | { kind: "unknown-version"; what: string };

export type Opened<T> = { kind: "opened"; value: T } | Unreadable;

export function opened<T>(value: T): Opened<T> {
  return { kind: "opened", value };
}

export function forged(what: string): Unreadable {
  return { kind: "forged", what };
}

export function malformed(what: string): Unreadable {
  return { kind: "malformed", what };
}

export function unknownVersion(what: string): Unreadable {
  return { kind: "unknown-version", what };
}
