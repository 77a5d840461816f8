/**
 * Finding any number of phrases in one pass: Aho and Corasick's automaton (1975) over words, not characters.
 *
 * The cost is one step a word, however many phrases there are.
 */
import { eachWord } from "./words.ts";

/** Longer phrases are paragraphs; this also bounds how many phrases can end at one word. */
export const PHRASE_WORDS_MAX = 64;

type Node = {
  next: Map<string, Node> | null;
  /** Where reading goes on when no word fits: the longest ending that begins another phrase. */
  fallback: Node | null;
  /** The nearest node on the way of fallbacks at which a phrase ends. */
  shorter: Node | null;
  /** Which phrases end here. */
  ends: number[];
  depth: number;
};

export type PhraseSet = { readonly root: Node; readonly size: number };

export type FoundPhrase = (phrase: number, start: number, end: number) => void;

/** The words of a phrase, as they are compared. */
export function phraseWords(phrase: string): string[] {
  const words: string[] = [];
  eachWord(phrase, (word) => words.push(word));
  return words;
}

/** Makes one automaton of all phrases; a phrase is known by its place in the list. */
export function compilePhrases(phrases: readonly string[]): PhraseSet {
  const root = makeNode(0);
  for (const [index, phrase] of phrases.entries()) {
    let node = root;
    for (const word of phraseWords(phrase)) node = child(node, word);
    if (node !== root) node.ends.push(index);
  }
  linkFallbacks(root);
  return { root, size: phrases.length };
}

/** Calls `found` for each phrase at each place, in the order of their ends. */
export function findPhrases(set: PhraseSet, text: string, found: FoundPhrase): void {
  if (set.size === 0) return;
  const { root } = set;
  const starts = new Int32Array(PHRASE_WORDS_MAX);
  let node = root;
  let count = 0;
  eachWord(text, (word, start, end) => {
    starts[count++ % PHRASE_WORDS_MAX] = start;
    node = step(root, node, word);
    let ending: Node | null = node.ends.length > 0 ? node : node.shorter;
    while (ending !== null) {
      const first = starts[(count - ending.depth) % PHRASE_WORDS_MAX] ?? 0;
      for (const phrase of ending.ends) found(phrase, first, end);
      ending = ending.shorter;
    }
  });
}

function step(root: Node, from: Node, word: string): Node {
  let node = from;
  for (;;) {
    const next = node.next?.get(word);
    if (next !== undefined) return next;
    if (node.fallback === null) return root;
    node = node.fallback;
  }
}

function makeNode(depth: number): Node {
  return { next: null, fallback: null, shorter: null, ends: [], depth };
}

function child(node: Node, word: string): Node {
  node.next ??= new Map();
  const known = node.next.get(word);
  if (known !== undefined) return known;
  const made = makeNode(node.depth + 1);
  node.next.set(word, made);
  return made;
}

/** Level by level, so that a fallback is always linked before it is asked. */
function linkFallbacks(root: Node): void {
  const queue = [root];
  for (const node of queue) {
    for (const [word, next] of node.next ?? []) {
      next.fallback = node === root ? root : step(root, node.fallback ?? root, word);
      next.shorter = next.fallback.ends.length > 0 ? next.fallback : next.fallback.shorter;
      queue.push(next);
    }
  }
}
