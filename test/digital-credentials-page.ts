import { readBrowserScript } from '../packages/verifier/src/browser-script.js'
import { createVpGround, type VpGround } from './vp-platform-ground.js'

/** A page whose button does what a test gives it: wallets are asked after a click alone. */
const pageText = `<!doctype html><html lang="en"><title>Shop</title><button id="ask">Ask</button>
<script type="module">
  import { verifyAndWait } from '/snippet.js'
  const button = document.querySelector('#ask')
  globalThis.ask = (work) => new Promise((resolve) => {
    button.onclick = () => work().then((value) => resolve({ value }),
      (error) => resolve({ error: error.code ?? error.name, name: error.name }))
  })
  globalThis.get = async (request) => {
    const { protocol, data } = await navigator.credentials.get({ digital: { requests: [request] } })
    return { protocol, data }
  }
  globalThis.verifyAndWait = verifyAndWait
</script></html>`

/** What came of it. */
export type Outcome = { readonly value?: unknown; readonly error?: string; readonly name?: string }
/** What the page gives to whoever evaluates something in it. */
export type PageGlobals = {
  ask(work: () => Promise<unknown>): Promise<Outcome>
  get(request: unknown): Promise<unknown>
  verifyAndWait(options: object): Promise<unknown>
}

/** A platform with that page at its root. */
export async function createAskingPage(): Promise<VpGround> {
  const snippet = await readBrowserScript()
  return createVpGround({
    page: (_express, request, response) => {
      const isSnippet = request.url === '/snippet.js'
      response.setHeader('content-type', isSnippet ? 'text/javascript' : 'text/html')
      response.end(isSnippet ? snippet : pageText)
    },
  })
}
