/**
 * Shapes: strict readers of JSON that others wrote. A value fits its shape entirely or not at all: no unknown fields, no
 * defaults, every size bounded. Nothing throws.
 */

/** What a reading gave. `what` is the path of the first thing that does not fit, never its content. */
export type Parsed<T> = { kind: "parsed"; value: T } | { kind: "malformed"; what: string };

/** Reads a value at a path. An optional shape may be missing from its record. */
export interface Shape<T> {
  (value: unknown, path: string): Parsed<T>;
  readonly optional?: true;
}

/** A text of at most so many UTF-16 units. */
export function text(limit: number): Shape<string> {
  return (value, path) => (typeof value === "string" && value.length <= limit ? parsed(value) : misfit(path));
}

/** A whole number between two bounds, both included. */
export function whole(least: number, most: number): Shape<number> {
  return (value, path) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? parsed(value)
      : misfit(path);
}

export const claim: Shape<boolean> = (value, path) =>
  typeof value === "boolean" ? parsed(value) : misfit(path);

/** Exactly this value. */
export function exactly<const T extends string | number>(wanted: T): Shape<T> {
  return (value, path) => (value === wanted ? parsed(wanted) : misfit(path));
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? parsed(null) : shape(value, path));
}

/** A field that may be missing; where it is there, it must fit. */
export function optional<T>(shape: Shape<T>): Shape<T> {
  return Object.assign((value: unknown, path: string) => shape(value, path), { optional: true as const });
}

export function list<T>(shape: Shape<T>, limit: number): Shape<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > limit) return misfit(path);
    const items: T[] = [];
    for (const [at, item] of value.entries()) {
      const read = shape(item, `${path}[${at}]`);
      if (read.kind === "malformed") return read;
      items.push(read.value);
    }
    return parsed(items);
  };
}

/** An object with these fields and no others. */
export function record<T extends object>(
  fields: { readonly [K in keyof T]-?: Shape<NonNullable<T[K]> | T[K]> },
): Shape<T> {
  const shapes = Object.entries(fields) as [string, Shape<unknown>][];
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return misfit(path);
    const stranger = Object.keys(value).some((name) => !Object.hasOwn(fields, name));
    if (stranger) return misfit(`${path}: unknown field`);
    const result: Record<string, unknown> = {};
    for (const [name, shape] of shapes) {
      const present = Object.hasOwn(value, name);
      if (!present && shape.optional) continue;
      const read = shape(present ? (value as Record<string, unknown>)[name] : undefined, `${path}.${name}`);
      if (read.kind === "malformed") return read;
      result[name] = read.value;
    }
    return parsed(result as T);
  };
}

function parsed<T>(value: T): Parsed<T> {
  return { kind: "parsed", value };
}

function misfit(path: string): { kind: "malformed"; what: string } {
  return { kind: "malformed", what: path };
}
