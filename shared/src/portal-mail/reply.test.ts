import { expect, test } from "vitest";
import { replyRecipients, replySubject } from "./reply.ts";

const [alice, bob, carol, dora] = ["alice", "bob", "carol", "dora"].map((name) => ({
  name,
  address: `${name}@acme.example`,
})) as [Person, Person, Person, Person];
type Person = { name: string; address: string };

test("a reply goes to the sender; a reply to all to everybody once, as To and Cc had them, without oneself", () => {
  const header = {
    from: alice,
    to: [bob, carol, { name: "", address: "CAROL@acme.example" }],
    cc: [dora, alice],
  };

  expect(replyRecipients("reply", header, bob.address)).toEqual({ to: [alice], cc: [] });
  expect(replyRecipients("reply-all", header, bob.address)).toEqual({ to: [alice, carol], cc: [dora] });
});

test("following up one's own message goes to those who got it", () => {
  const header = { from: { ...alice, address: "Alice@Acme.example" }, to: [bob], cc: [carol] };

  expect(replyRecipients("reply", header, alice.address)).toEqual({ to: [bob], cc: [] });
  expect(replyRecipients("reply-all", header, alice.address)).toEqual({ to: [bob], cc: [carol] });
});

test("Re: stands once", () => {
  expect(replySubject("Plan")).toBe("Re: Plan");
  expect(replySubject(" RE: Plan")).toBe("RE: Plan");
  expect(replySubject("Report")).toBe("Re: Report");
});
