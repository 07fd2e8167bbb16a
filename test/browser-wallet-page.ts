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
