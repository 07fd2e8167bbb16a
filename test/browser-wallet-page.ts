import { openWalletDatabase } from '../packages/wallet/web/keeping/database.js'
import { type OpenedWallet, openBrowserWallet } from '../packages/wallet/web/opened-wallet.js'

let opened: OpenedWallet

/** Opens the wallet of this browser for what one issuer publishes. */
export async function open(root: string, baseUrl: string): Promise<void> {
  opened = await openBrowserWallet({
    name: 'wallet',
    master: new Uint8Array(32).fill(3),
    clock: () => new Date(),
    issuer: { root, baseUrl },
    allowHttpLoopback: true,
    openAddress: () => Promise.resolve(),
    onLost: () => undefined,
  })
}

export async function receive(offer: string, txCode: string): Promise<unknown> {
  const consent = () => Promise.resolve(true)
  const outcome = await opened.wallet.receiveOffer({ offer, txCode, consent })
  await opened.copies.refresh()
  return outcome
}

/** Keys of the wallet: the aliases of those for tokens, and whether any could be copied out. */
export async function keysForTokens(): Promise<object> {
  const keys = await (await openWalletDatabase('wallet', () => undefined)).getAll('keys')
  // In this program's types the key is Node's; the page has the browser's.
  const handles = keys.map(({ key }) => key.handle as unknown as CryptoKey)
  const isTokens = ({ alias }: { alias: string }) => alias.startsWith('dpop-')
  return {
    tokens: keys.filter(isTokens).length,
    extractable: handles.filter(({ extractable }) => extractable).length,
    exported: await crypto.subtle
      .exportKey('jwk', handles[keys.findIndex(isTokens)] as CryptoKey)
      .then(
        () => 'exported',
        (error: Error) => error.name,
      ),
  }
}

/** Takes the keys of all copies away but so many. */
export async function loseKeys(left: number): Promise<void> {
  const database = await openWalletDatabase('wallet', () => undefined)
  const aliases = (await database.getAllKeys('keys')).filter((it) => it.startsWith('holder-'))
  for (const alias of aliases.slice(left)) await database.delete('keys', alias)
}

/** Alters its copy of the trust list, so that it does not hold. */
export async function spoilLists(): Promise<void> {
  const database = await openWalletDatabase('wallet', () => undefined)
  const name = 'trust-list.jwt'
  const { text = '' } = (await database.get('published', name)) ?? {}
  await database.put('published', { name, text: `${text.slice(0, -8)}AAAAAAAA` })
}

export const remaining = () => opened.wallet.remaining()
export const close = () => opened.close()

/** Answers a request with a yes to whatever is asked. */
export const present = (request: string, decision: 'share' | 'refuse' = 'share') =>
  told(() => opened.wallet.answerRequest({ request, consent: () => decision }))

async function told(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    return await attempt()
  } catch (error) {
    return { refused: (error as { code?: string }).code ?? String(error) }
  }
}
