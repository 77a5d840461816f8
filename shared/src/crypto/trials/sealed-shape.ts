/**
 * A sealed shape under attack: what was sealed, how it opens, and the places where it must not.
 */
import type { Bytes } from "../../bytes.ts";

export type Opening = (sealed: Bytes) => Promise<{ readonly kind: string }>;

export interface SealedShape {
  readonly name: string;
  readonly sealed: Bytes;
  readonly open: Opening;
  /** Openings in places where it does not belong, by their names. */
  readonly elsewhere: Readonly<Record<string, Opening>>;
}

/** The same opening in each of several places. */
export function inPlaces<T>(
  places: Readonly<Record<string, T>>,
  make: (place: T) => Opening,
): Record<string, Opening> {
  return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, make(place)]));
}
