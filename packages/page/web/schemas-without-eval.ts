/** Where zod looks for its settings, whichever part of the page brings it first. */
const settings = globalThis as { __zod_globalConfig?: { jitless?: boolean } }

// Before any schema is made: zod would try `new Function`, which the content policy forbids. Said without
// zod itself, which the first look at the page needs none of.
settings.__zod_globalConfig = { jitless: true }
