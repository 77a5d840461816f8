/** Single word lists of zxcvbn-ts: its index brings 800 KB, these two are what most guesses are made of. */
declare module "@zxcvbn-ts/language-en/dist/wikipedia.json.mjs" {
  const words: string[];

  // biome-ignore lint/style/noDefaultExport: what the package does
  export { words as default };
}

declare module "@zxcvbn-ts/language-en/dist/firstnames.json.mjs" {
  const words: string[];

  // biome-ignore lint/style/noDefaultExport: what the package does
  export { words as default };
}

declare module "@zxcvbn-ts/language-en/dist/translations.mjs" {
  // biome-ignore lint/style/noDefaultExport: what the package does
  export { translations as default } from "@zxcvbn-ts/language-en";
}
