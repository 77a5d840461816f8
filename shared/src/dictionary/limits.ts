/**
 * What examination may cost. Each limit has a name and a reason; text beyond one is not examined, and the
 * component is named as cut, so that a policy can act on that.
 */

/** Longer lines are pasted documents, not something to look for. */
export const LINE_LENGTH_MAX = 2_000;

/** The largest word lists in use have about ten thousand entries. */
export const LINES_MAX = 20_000;

/** Every expression has states in the set; hundreds are many, thousands a mistake. */
export const EXPRESSIONS_MAX = 500;

/** Compiled instructions of one expression. A payment card takes 60; beyond this, `{500}` stands in it somewhere. */
export const EXPRESSION_SIZE_MAX = 500;

/** From this size an expression runs in a set of its own, so that it cannot slow all others. */
export const EXPRESSION_SIZE_WIDE = 150;

export const WEIGHT_MAX = 999_999;

/** Characters of one component. Four million are three thousand pages; a 50 MB line is cut here. */
export const COMPONENT_LENGTH_MAX = 4_000_000;

/** Characters of all components together. */
export const TEXT_LENGTH_MAX = 16_000_000;

/** Text goes through the expressions in pieces of this many characters; between two the clock is asked. */
export const SEGMENT_LENGTH = 2_048;

/** Pieces overlap by this much: the longest text that one expression matches for certain. */
export const MATCH_LENGTH_MAX = 512;

/** What finding the places of one expression may take in one component: `a.*?z|a` asks for the square. */
export const LOCATE_MS_MAX = 50;

/** Places kept of one line, for explaining. */
export const MATCHES_KEPT = 20;
