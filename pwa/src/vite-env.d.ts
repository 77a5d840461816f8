/** What Vite adds to modules: `import.meta.env`, stylesheets, `?inline`. */
/// <reference types="vite/client" />
