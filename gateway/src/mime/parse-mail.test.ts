/**
 * What people read when the mail came from the clients they use. The fixtures are mails as those clients write them.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseMail } from "./parse-mail.ts";

function fixture(name: string) {
  return parseMail(readFileSync(new URL(`fixtures/${name}.eml`, import.meta.url)));
}

function names(mail: ReturnType<typeof parseMail>) {
  return mail.attachments.map((attachment) => attachment.name);
}

describe("mail from the clients people use", () => {
  test("Outlook: text, html with its logo in place, and a named attachment", () => {
    const mail = fixture("outlook-related");

    expect(mail.subject).toBe("[secure 7d] Befund für Frau Müller");
    expect(mail.from).toEqual([{ name: "Adler, Ruth", address: "alice@acme.example" }]);
    expect(mail.text).toContain("Sehr geehrte Frau Müller,\n\nanbei der Befund. Er ist unauffällig.");
    expect(mail.html).toContain("<p class=MsoNormal>anbei der Befund. Er ist unauffällig.</p>");
    expect(mail.attachments).toMatchObject([
      {
        name: "image001.png",
        type: "image/png",
        size: 70,
        cid: "image001.png@01DC0001.ABCDEF",
        inline: true,
      },
      { name: "Befund Müller.pdf", type: "application/pdf", size: 69, inline: false },
    ]);
    expect(mail.problems).toEqual([]);
  });

  test("Apple Mail: a picture between two texts stays between them", () => {
    const mail = fixture("apple-text-image-text");

    expect(mail.text).toBe("Before the picture.\n\nAfter the picture.");
    expect(mail.html).toMatch(/Before the picture\.[\s\S]+<img src="cid:part-1@[\s\S]+After the picture\./u);
    expect(mail.attachments).toMatchObject([{ name: "wound.png", inline: true }]);
  });

  test("Apple Mail: html with an attachment between its halves", () => {
    const mail = fixture("apple-alternative-mixed");

    expect(mail.text).toBe("See the report — it is short.\n\nRegards");
    expect(mail.html).toMatch(/See the report — it is short[\s\S]+Regards/u);
    expect(names(mail)).toEqual(["Résumé final.pdf"]);
  });

  test("Gmail: both alternatives, base64", () => {
    const mail = fixture("gmail-alternative");

    expect(mail.text).toBe("Hello 👋,\n\nthe contract is ready.");
    expect(mail.html).toContain("<div>the contract is ready.</div>");
  });

  test("Thunderbird: flowed text is joined, quotes and signature stay", () => {
    const mail = fixture("thunderbird-flowed");

    expect(mail.text?.split("\n")).toEqual([
      "On 23.11.26 Bob wrote:",
      "> Shall we meet in the large room, or shall we",
      "> meet elsewhere? I do not mind.",
      ">> An older line.",
      "",
      "The large room is fine, and I would like to bring Zoë along.",
      "From my side there is nothing else.",
      "-- ",
      "Ruth",
    ]);
    expect(mail.inReplyTo).toEqual(["<plan-1@example.org>"]);
    expect(mail.references).toEqual(["<plan-0@example.org>", "<plan-1@example.org>"]);
  });

  test("a mail forwarded without a word is attached by its subject, and readable", () => {
    const mail = fixture("thunderbird-forward");

    expect(names(mail)).toEqual(["Angebot über 5-6 Tonnen.eml"]);
    expect(mail.text).toBe(
      "From: Carol <carol@example.net>\nSubject: Angebot über 5/6 Tonnen\n\nUnser Angebot für Sie.",
    );
  });

  test("iPhone: a photo above the text", () => {
    const mail = fixture("ios-photo");

    expect(mail.text).toBe("Von meinem iPhone gesendet");
    expect(mail.html).toMatch(/<img[\s\S]+Von meinem iPhone gesendet/u);
  });

  test("a newsletter of html only gets a text", () => {
    const mail = fixture("newsletter-html-only");

    expect(mail.text).toBe(
      "Café – news\n\nRead the article <https://news.acme.example/a> & more.\n\n- one\n- two\n\n[A photo]",
    );
  });

  test("Exchange: winmail.dat opens to its html and attachments, Outlook's attached message included", () => {
    const mail = fixture("exchange-winmail");

    expect(mail.html).toBe("<html><body><p>Grüße, Привет €5<b>now</b></p></body></html>");
    expect(names(mail)).toEqual(["Bericht März.pdf", "Attached message.txt", "inner.txt"]);
    expect(Buffer.from(mail.attachments[1]!.content()).toString()).toBe("Words of the attached message");
    expect(mail.attachments[0]!.content().length).toBe(69);
    expect(mail.problems).toEqual([]);
  });

  test("an invitation keeps its calendar file", () => {
    const mail = fixture("invitation");

    expect(mail.text).toBe("Review, Tuesday 10:00");
    expect(mail.attachments).toMatchObject([{ name: "invitation.ics", type: "text/calendar" }]);
  });

  test("a signed mail is readable and keeps its signature", () => {
    const mail = fixture("signed-smime");

    expect(mail.text).toBe("I signed this.");
    expect(names(mail)).toEqual(["smime.p7s"]);
  });

  test("an encrypted mail is kept as it is, and called encrypted", () => {
    const mail = fixture("encrypted-pgp");

    expect(names(mail)).toEqual(["attachment.asc", "encrypted.asc"]);
    expect(mail.problems).toMatchObject([{ kind: "encrypted" }]);
  });

  test("a bounce keeps its report and the mail it returns", () => {
    const mail = fixture("bounce-report");

    expect(mail.text).toBe("Bob's mailbox is full.");
    expect(names(mail)).toEqual(["delivery-status.txt", "The original.eml"]);
  });
});

describe("letters of the world", () => {
  test.each([
    ["japanese-iso-2022-jp", "検査結果のお知らせ", "山田様\n検査結果は良好です。"],
    ["japanese-shift-jis", "検査結果", "山田様、ｶﾀｶﾅも。"],
    ["russian-koi8-r", "Результаты анализа", "Здравствуйте, всё в порядке."],
    ["russian-windows-1251", "Договор", "Подписанный договор — во вложении."],
    ["chinese-gb18030", "检查结果", "您好，结果正常。𠀀"],
    ["chinese-big5", "檢查結果", "您好，結果正常。"],
    ["korean-euc-kr", "검사 결과", "안녕하세요. 정상입니다."],
    ["greek-iso-8859-7", "Αποτελέσματα", "Όλα είναι εντάξει."],
    ["arabic-rtl", "نتائج الفحص", "مرحبا، النتائج جيدة."],
    ["smtputf8", "[secure] Grüße aus Köln", "Schöne Grüße"],
  ])("%s", (name, subject, text) => {
    const mail = fixture(name);

    expect(mail.subject).toBe(subject);
    expect(mail.text).toBe(text);
    expect(mail.problems).toEqual([]);
  });

  test("a Japanese file name in continued parameters", () => {
    expect(names(fixture("japanese-attachment-name"))).toEqual(["資料.pdf"]);
  });

  test("addresses beyond ASCII", () => {
    const mail = fixture("smtputf8");

    expect(mail.from).toEqual([{ name: "Jörg", address: "jörg@bücher.example" }]);
    expect(mail.to).toEqual([{ name: "Ζωή", address: "ζωή@example.org" }]);
  });
});

describe("little or nothing", () => {
  test("no MIME at all", () => {
    expect(fixture("bare").text).toBe("Just text, no MIME.");
  });

  test("an empty body, no Message-ID, no Date", () => {
    const mail = fixture("empty-body");

    expect(mail).toMatchObject({ text: "", html: null, attachments: [], messageId: null, date: null });
  });

  test("nothing but an attachment", () => {
    const mail = fixture("attachment-only");

    expect(mail).toMatchObject({ text: null, html: null, attachments: [{ name: "scan.pdf", size: 69 }] });
  });

  test("not a single byte", () => {
    const mail = parseMail(Buffer.alloc(0));

    expect(mail).toMatchObject({ subject: "", from: [], text: "", attachments: [], problems: [] });
  });
});

test("each attachment is decoded once", () => {
  const [attachment] = fixture("attachment-only").attachments;

  expect(attachment?.content()).toBe(attachment?.content());
});

test("the trigger header is handed on as it was written", () => {
  expect(fixture("bcc-and-trigger").trigger).toBe("secure 7d no-print");
});

test.each([
  ["=?utf-8?Q?[secure_7d]_Gr=C3=BC=C3=9Fe?=", "[secure 7d] Grüße"],
  ["=?utf-8?Q?[sec?= =?utf-8?Q?ure]_x?=", "[secure] x"],
  ["[secure\r\n 7d] x", "[secure 7d] x"],
  ["=?utf-8?B?W3NlY3VyZV0gw6Q=?=", "[secure] ä"],
])("the tag survives how clients write subjects: %j", (written, subject) => {
  expect(parseMail(Buffer.from(`Subject: ${written}\r\n\r\n`)).subject).toBe(subject);
});

test("of two subjects none is lost, nor a tag in the second", () => {
  const mail = parseMail(Buffer.from("Subject: Results\r\nTo: b\r\nSubject: [secure]\r\n\r\nx"));

  expect(mail.subject).toBe("Results [secure]");
});

describe("which images the html shows", () => {
  const related = (html: string) =>
    parseMail(
      Buffer.from(
        `Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n${html}\r\n` +
          "--r\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo@acme.example>\r\n\r\npng\r\n--r--",
      ),
    );

  test("an image that the html refers to is inline", () => {
    expect(related('<img src="cid:logo%40acme.example">').attachments).toMatchObject([{ inline: true }]);
  });

  test("an image that it does not refer to is an attachment, so that nobody misses it", () => {
    expect(related("<p>No picture</p>").attachments).toMatchObject([{ name: "logo.png", inline: false }]);
  });
});
