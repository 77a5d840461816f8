/**
 * What one mail may be, each limit with its reason.
 */

const megabyte = 1_000_000;

/** Decoded bytes of one attachment: what mail servers commonly pass on. */
export const largestAttachment = 25 * megabyte;

/** Decoded bytes of all attachments of a mail; also what a phone can be asked to fetch. */
export const largestAttachments = 50 * megabyte;

/** Base64 in lines of 76 characters makes 3 bytes 4 and adds 2 for each line: a little less than 1.37. */
const base64Growth = 1.37;

/** Texts and headers beside the attachments. */
const roomForText = 5 * megabyte;

/** Bytes of a mail as it arrives: all attachments in base64, and room for the text. Advertised as SIZE. */
export const largestMail = Math.ceil(largestAttachments * base64Growth) + roomForText;

/** Bytes of a mail that answers a notice, which anybody may send: a bounce with the whole notice in it, and room to spare. */
export const largestReturned = 2 * megabyte;

/** RFC 5321 section 4.5.3.1.8 asks for at least 100; beyond 1,000 a sending server must split. */
export const mostRecipients = 1_000;

/** As Postfix's hopcount_limit: a mail that passed this many servers goes in circles. */
export const mostHops = 50;

/** Raw mails held in memory at one time. Above it new mail is asked to come again, so that no load exhausts the machine. */
export const mostBytesInFlight = 512 * megabyte;

/** Connections at one time; each costs a socket and a parser. */
export const mostConnections = 500;

/** How long a drain waits for mails in flight before it cuts them off (their senders try again). Under the 20 s after which
 * our supervisor kills. */
export const drainMs = 18_000;

/** RFC 5321 section 4.5.3.2 gives a client 5 minutes for a command. */
export const idleMs = 300_000;
