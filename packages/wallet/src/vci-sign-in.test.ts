import { describe, expect, it } from 'vitest'
import { later } from '../../../test/trust-domain.js'
import { vciGround, yes } from '../../../test/vci-wallet-ground.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()

/** Begins a sign-in, opens the address, and gives where the browser comes back to. */
async function signIn(wallet: Awaited<ReturnType<typeof vci.open>>, batch = 2) {
  const offer = vci.issuer.offer({ signIn: true })
  const begun = await wallet.receiveOffer({ offer, consent: yes, batch })
  if (begun.kind !== 'sign-in') throw new TypeError('a sign-in was expected')
  const answer = await fetch(begun.url, { redirect: 'manual' })
  return { url: new URL(begun.url), redirect: answer.headers.get('location') ?? '' }
}

const parRequest = () => vci.issuer.asked.find(({ path }) => path === '/tenant/par')?.form

describe('signing in', () => {
  it('pushes the request, shows the browser nothing of it, and goes on in another process', async () => {
    const { url, redirect } = await signIn(await vci.open())
    expect([...url.searchParams.keys()]).toEqual(['client_id', 'request_uri'])
    const pushed = parRequest()
    expect(pushed?.get('code_challenge_method')).toBe('S256')
    expect(pushed?.get('issuer_state')).toBe('issuer-state-1')
    expect(JSON.parse(pushed?.get('authorization_details') ?? '')).toEqual([
      { type: 'openid_credential', credential_configuration_id: 'certificate' },
    ])
    await vci.ground.closeAll()
    const wallet = await vci.open()
    expect(await wallet.continueOffer({ redirect })).toMatchObject({
      kind: 'received',
      certificates: [{ copies: 2 }],
    })
  })

  it('asks by scope where the server knows no authorization details, and names the issuer where it has servers of its own', async () => {
    const { behaviour, issuer } = vci.issuer
    behaviour.serverMetadata = ({ authorization_details_types_supported: _none, ...it }) => it
    behaviour.metadata = (it) => ({ ...it, authorization_servers: [issuer] })
    const wallet = await vci.open()
    const { redirect } = await signIn(wallet)
    expect(parRequest()?.get('scope')).toBe('certificate')
    expect(parRequest()?.has('authorization_details')).toBe(false)
    expect(parRequest()?.get('resource')).toBe(issuer)
    expect((await wallet.continueOffer({ redirect })).failed).toEqual([])
    behaviour.serverMetadata = (it) => it
    vci.issuer.asked.splice(0)
    await signIn(wallet)
    expect(JSON.parse(parRequest()?.get('authorization_details') ?? '')).toMatchObject([
      { locations: [issuer] },
    ])
  })

  it('goes without PAR where the server has none', async () => {
    vci.issuer.behaviour.serverMetadata = ({
      pushed_authorization_request_endpoint: _none,
      ...it
    }) => it
    const wallet = await vci.open()
    const { url, redirect } = await signIn(wallet)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect((await wallet.continueOffer({ redirect })).certificates).toHaveLength(1)
  })

  it.each([
    ['a wrong iss', (it: Record<string, string>) => ({ ...it, iss: 'https://other.example' })],
    ['no iss although announced', ({ iss: _none, ...it }: Record<string, string>) => it],
    ['a wrong state', (it: Record<string, string>) => ({ ...it, state: 'wrong' })],
    ['no state', ({ state: _none, ...it }: Record<string, string>) => it],
    ['a token in the address', (it: Record<string, string>) => ({ ...it, token: 'x' })],
  ])('refuses %s, and no code is redeemed', async (_what, callback) => {
    vci.issuer.behaviour.callback = callback
    const wallet = await vci.open()
    const { redirect } = await signIn(wallet)
    await expect(wallet.continueOffer({ redirect })).rejects.toThrow(refusal('sign_in_mismatch'))
    expect(vci.issuer.pathsAsked()).not.toContain('/tenant/token')
  })

  it('refuses an answer at another address, twice, too late, or of another wallet', async () => {
    const wallet = await vci.open()
    const { redirect } = await signIn(wallet)
    const elsewhere = redirect.replace('/netcert-wallet', '/elsewhere')
    await expect(wallet.continueOffer({ redirect: elsewhere })).rejects.toThrow(
      refusal('sign_in_mismatch'),
    )
    const other = await vci.open({ dir: `${vci.ground.folder}/other` })
    await expect(other.continueOffer({ redirect })).rejects.toThrow(refusal('sign_in_mismatch'))
    const outcomes = await Promise.allSettled(
      [redirect, redirect].map((it) => wallet.continueOffer({ redirect: it })),
    )
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const late = await signIn(wallet)
    vci.ground.now = later(3601)
    await expect(wallet.continueOffer({ redirect: late.redirect })).rejects.toThrow(
      refusal('sign_in_mismatch'),
    )
  })

  it('says by which error the server refused, and takes the answer once', async () => {
    vci.issuer.behaviour.callback = ({ code: _none, ...it }) => ({ ...it, error: 'access_denied' })
    const wallet = await vci.open()
    const { redirect } = await signIn(wallet)
    await expect(wallet.continueOffer({ redirect })).rejects.toThrow(/access_denied/)
    await expect(wallet.continueOffer({ redirect })).rejects.toThrow(refusal('sign_in_mismatch'))
  })

  it('refuses text that is no address, and an offer to sign in where there is no page for it', async () => {
    const wallet = await vci.open()
    await expect(wallet.continueOffer({ redirect: 'nonsense' })).rejects.toThrow(
      refusal('sign_in_mismatch'),
    )
    vci.issuer.behaviour.serverMetadata = ({ authorization_endpoint: _none, ...it }) => it
    await expect(signIn(wallet)).rejects.toThrow(refusal('authorization_server'))
  })
})
