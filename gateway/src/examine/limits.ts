/**
 * What reading the files of one mail may cost. Beyond a limit the rest stays unread and a condition says so,
 * so that a policy can act on it; nothing is passed silently.
 */

/** A file in an archive in an archive happens; deeper ones are made to tire scanners. */
export const ARCHIVE_DEPTH_MAX = 5;

/** Archived source trees and photo albums; each entry costs a directory record and a look at its type. */
export const FILES_MAX = 2_000;

/** Unpacked bytes of one file: the largest sheets and documents that people write by hand. */
export const ENTRY_BYTES_MAX = 32 * 1024 * 1024;

/** Unpacked bytes of one mail, over all its archives. */
export const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;

/** Sheets with one value in every cell reach about 100; deflate itself ends at 1,032. */
export const RATIO_MAX = 300;

/** Below this size any ratio is harmless. */
export const RATIO_FREE_BYTES = 1024 * 1024;

/** Text of one attachment, with everything in it; more than examination would look at. */
export const ATTACHMENT_TEXT_MAX = 4_000_000;

/** Pages of one PDF: 3 ms each. */
export const PDF_PAGES_MAX = 1_000;

/** All header fields together, decoded. Mail through many lists has 30 KB. */
export const HEADERS_TEXT_MAX = 256 * 1024;

/** A mail up to this size, with nothing to unpack, is examined at once on the SMTP loop: about 2 ms. */
export const INLINE_BYTES_MAX = 64 * 1024;

/** What examination may take on the SMTP loop, before it is handed to a reader process: the target for its delay. */
export const INLINE_MS_MAX = 20;

/** What the files of one mail may take to read, in a reader process. */
export const EXTRACT_MS_MAX = 10_000;

/** What the expressions may take for one mail, in a reader process. */
export const EXPRESSIONS_MS_MAX = 5_000;

/** After this a reader process is ended, whatever it does: both budgets, and the time to notice them. */
export const READER_MS_MAX = 20_000;

/** JavaScript heap of a reader process; a 670 KB document took popular libraries 2.2 GB. */
export const READER_HEAP_MB = 384;

/** All memory of a reader process, its buffers included: the heap, what is unpacked, and the mail several times. */
export const READER_BYTES_MAX = 1_200 * 1024 * 1024;

/** Reading the dictionaries and a first look, when a reader process starts: ten thousand phrases take half a second. */
export const START_MS_MAX = 60_000;
