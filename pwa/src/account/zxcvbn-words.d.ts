/** Single word lists of zxcvbn-ts: its index brings 800 KB, these two are what most guesses are made of. */
declare module "@zxcvbn-ts/language-en/dist/wikipedia.json.mjs" {
  const words: string[];
  export { words as default };
}

declare module "@zxcvbn-ts/language-en/dist/firstnames.json.mjs" {
  const words: string[];
  export { words as default };
}

declare module "@zxcvbn-ts/language-en/dist/translations.mjs" {
  export { translations as default } from "@zxcvbn-ts/language-en";
}
