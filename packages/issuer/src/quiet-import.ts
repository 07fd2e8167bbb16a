/** A notice that is true and of no use: this program is tested on the version it is about. */
const NOTICE = 'oidc-provider WARNING: Unsupported runtime'

/** Loads a library without its notice about the version of Node; anything else it says is said. */
export async function quietImport<Module>(load: () => Promise<Module>): Promise<Module> {
  const { console } = globalThis
  const warn = console.warn.bind(console)
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).startsWith(NOTICE)) warn(...words)
  }
  try {
    return await load()
  } finally {
    console.warn = warn
  }
}
