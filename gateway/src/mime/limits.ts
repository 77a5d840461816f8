/**
 * What one mail may cost to read. Each limit has a name and a reason; a mail beyond one is kept whole and
 * marked with a problem, never cut.
 */

/** Two thousand recipients with long names fit; what comes behind is not read. */
export const FIELD_BYTES_MAX = 512 * 1024;

/** Html beyond this is shown whole, but only so much of it becomes plain text: it costs 0.3 s. */
export const HTML_TEXT_LENGTH_MAX = 2_000_000;

/** Mail through many lists carries a few hundred header fields; each one kept costs about 100 bytes of memory. */
export const HEADER_FIELDS_MAX = 10_000;

/** Digests of busy lists hold hundreds of parts; each costs an entry in the recipient's view and a key. */
export const PARTS_MAX = 2_000;

/** Mail forwarded as attachment again and again reaches about ten levels; each level is compared at each boundary. */
export const NESTING_MAX = 30;

/** RFC 2046 allows 70 characters; some senders use more. A longer line is never a boundary. */
export const BOUNDARY_LENGTH_MAX = 250;

/** A content-type field with more parameters is an attack on its reader, not a description. */
export const PARAMETERS_MAX = 200;

/** Names of files beyond this fail on common file systems (255 bytes, UTF-8 takes up to four a character). */
export const FILE_NAME_LENGTH_MAX = 120;

/** A winmail.dat inside a winmail.dat happens when a meeting is forwarded; deeper ones are made, not sent. */
export const WINMAIL_NESTING_MAX = 3;

/** Compressed RTF grows at most ninefold by its format; this bounds what one mail may ask for at all. */
export const RTF_BYTES_MAX = 64 * 1024 * 1024;

/** Addresses shown and replied to; a mailing of more uses Bcc. */
export const ADDRESSES_MAX = 2_000;

/** Each id is looked up; the first and the newest of a very long thread lead to it as well as all. */
export const FIRST_IDS_MAX = 50;
export const LAST_IDS_MAX = 150;

/** One message shown inside another when the outer has no words of its own; each level is a full parse. */
export const QUOTED_MESSAGES_MAX = 3;
