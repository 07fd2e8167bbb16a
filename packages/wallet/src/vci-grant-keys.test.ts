import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vciGround, yes } from '../../../test/vci-wallet-ground.js'
import { keysOnDisk, onDisk } from '../../../test/wallet-on-disk.js'
import { type DpopKey, openRecord, sealRecord } from './issuance-records.js'
import { DatabaseIssuanceStore } from './issuance-store.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()
const WEEK = 7 * 86_400

const dir = () => join(vci.ground.folder, 'wallet')

/** Aliases of the keys that tokens are bound to. */
async function dpopKeys(): Promise<readonly string[]> {
  await vci.ground.closeAll()
  return (await keysOnDisk(dir())).filter((alias) => alias.startsWith('dpop-'))
}

async function signInTo(wallet: Awaited<ReturnType<typeof vci.open>>): Promise<string> {
  const offer = vci.issuer.offer({ signIn: true })
  const begun = await wallet.receiveOffer({ offer, consent: yes })
  if (begun.kind !== 'sign-in') throw new TypeError('a sign-in was expected')
  const answer = await fetch(begun.url, { redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}

describe('the key of a grant', () => {
  it('lies in the key store, and what is sealed beside the tokens only names it', async () => {
    await vci.receive(await vci.open(), { batch: 1 })
    const [alias] = await dpopKeys()
    await onDisk(dir(), async ({ database, vault }) => {
      const [row] = await new DatabaseIssuanceStore(database).list('grant')
      const grant = openRecord(vault, 'grant', row!)
      expect(grant.dpopKey).toBe(alias)
      expect(JSON.stringify(grant)).not.toContain('"d":')
    })
    const wallet = await vci.open()
    vci.ground.now = later(WEEK - 1)
    expect(await wallet.refill()).toMatchObject([{ kind: 'received' }])
  })

  it('goes with it: when its certificate is forgotten, and when the issuer ends it', async () => {
    const first = await vci.open()
    const { certificates } = await vci.receive(first, { batch: 1 })
    expect(await dpopKeys()).toHaveLength(1)
    await (await vci.open()).forget(certificates[0]?.id ?? '')
    expect(await dpopKeys()).toEqual([])
    await vci.receive(await vci.open(), { batch: 1 })
    vci.issuer.state.refreshTokens.clear()
    vci.ground.now = later(WEEK - 1)
    expect(await (await vci.open()).refill()).toMatchObject([{ kind: 'ended' }])
    expect(await dpopKeys()).toEqual([])
  })

  it('is not left behind by a code that was refused, or a sign-in that failed', async () => {
    vci.issuer.behaviour.txCode = '123456'
    const offer = vci.issuer.offer()
    const wrong = vci.receive(await vci.open(), { offer, txCode: '000000' })
    await expect(wrong).rejects.toThrow(refusal('grant_refused'))
    expect(await dpopKeys()).toEqual([])
    vci.issuer.behaviour.txCode = null
    const redirect = await signInTo(await vci.open())
    expect(await dpopKeys()).toHaveLength(1)
    vci.issuer.state.codes.clear()
    const failed = (await vci.open()).continueOffer({ redirect })
    await expect(failed).rejects.toThrow(refusal('grant_refused'))
    expect(await dpopKeys()).toEqual([])
  })

  it('of a sign-in that nobody finished goes after a month, and that of a grant stays', async () => {
    await vci.receive(await vci.open(), { batch: 1 })
    const kept = await dpopKeys()
    await signInTo(await vci.open())
    expect(await dpopKeys()).toHaveLength(2)
    // Keys are dated by the clock of the system.
    vci.ground.now = new Date(Date.now() + 31 * 86_400_000)
    await vci.open()
    expect(await dpopKeys()).toEqual(kept)
  })

  it('that an older wallet sealed into its grant goes on, and another one does not', async () => {
    await vci.receive(await vci.open(), { batch: 1 })
    const own = await sealIntoGrant()
    vci.issuer.state.accessTokens.clear()
    for (const token of vci.issuer.state.refreshTokens.keys()) {
      vci.issuer.state.refreshTokens.set(token, await calculateJwkThumbprint(own))
    }
    vci.ground.now = later(WEEK - 1)
    expect(await (await vci.open()).refill()).toMatchObject([{ kind: 'received' }])
    await sealIntoGrant()
    vci.ground.now = later(2 * WEEK - 1)
    expect(await (await vci.open()).refill()).toMatchObject([{ kind: 'ended' }])
  })
})

/** Puts a new key itself where the grant names one, as wallets did before. */
async function sealIntoGrant(): Promise<DpopKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  const dpopKey: DpopKey = { kty: 'EC', crv: 'P-256', x, y, d }
  await vci.ground.closeAll()
  await onDisk(dir(), async ({ database, vault }) => {
    const store = new DatabaseIssuanceStore(database)
    const [row] = await store.list('grant')
    const content = { ...openRecord(vault, 'grant', row!), dpopKey }
    const { sealed } = sealRecord(vault, { id: row!.id, kind: 'grant', content })
    await store.reseal(row!.id, { from: row!.sealed, to: sealed })
  })
  return dpopKey
}
