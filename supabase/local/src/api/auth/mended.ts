/**
 * Lite's auth answers in GoTrue's words: times end in `Z`, and an exception of the database is an `unexpected_failure`.
 */
import { authError } from "../http/answers.ts";

const timeWithOffset = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)\+00:00"/g;

/** The same answer, mended. */
export async function mended(answer: Response): Promise<Response> {
  if (answer.status >= 500) {
    await answer.body?.cancel();
    return authError(500, "unexpected_failure", "Database error saving the change");
  }
  if (!isJson(answer)) return answer;
  const text = (await answer.text()).replace(timeWithOffset, '"$1Z"');
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(text, { status: answer.status, headers });
}

function isJson(answer: Response): boolean {
  return (answer.headers.get("content-type") ?? "").startsWith("application/json");
}
