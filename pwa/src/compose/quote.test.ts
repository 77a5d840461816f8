import { expect, test } from "vitest";
import { textOfHtml } from "./quote.ts";

test("HTML that came without a text is quoted line by line, without its styles", () => {
  const plain = (html: string) => html.replaceAll(/<[^>]*>/g, "");

  expect(textOfHtml("<style>p{}</style><p>One\ntwo</p><p>Three<br>four</p>", plain)).toBe(
    "One two\nThree\nfour",
  );
});
