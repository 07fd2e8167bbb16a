import { join } from 'node:path'
import { GATE_PASS } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { queries } from '@netcert/schemas'
import { type ConsentDecision, type GatePreview, openWallet } from '@netcert/wallet'
import { forgeChallenge, strangerVenue } from '../gate-attacker.js'
import { gateGround, type Visitor } from '../gate-ground.js'
import { guestListQuery, registerVenue, type Venue } from '../gate-venue.js'
import { sectorPurpose } from '../platform-ground.js'
import type { TemplatePurpose } from '../../scripts/src/platform-template.js'

const ground = gateGround()
const DAY = 86_400

/** What a wallet does with a challenge: `answered`, or the code of the refusal. */
async function answerTo(
  { wallet }: Pick<Visitor, 'wallet'>,
  challenge: string,
  says: ConsentDecision = 'share',
): Promise<{ code: string; text: string | null; previews: GatePreview[]; shared: unknown }> {
  const previews: GatePreview[] = []
  const consent = (preview: GatePreview): ConsentDecision => {
    previews.push(preview)
    return says
  }
  try {
    const { text, shared } = await wallet.answerGate({ challenge, consent })
    return { code: 'answered', text, previews, shared }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return { code: String(error.code), text: null, previews, shared: null }
  }
}

/** Copies that are left: nothing is used up where nothing is answered. */
const left = async ({ wallet }: Visitor) =>
  (await wallet.list()).reduce((sum, { remaining }) => sum + remaining, 0)

const passQuery = (names: readonly string[]) => ({
  credentials: [
    {
      ...queries['gate-age-over-18'].credentials[0],
      claims: names.map((name) => ({ path: [name] })),
    },
  ],
})

/** Registered for more claims than it may learn of one person in a day. */
function curiousVenue(): Promise<Venue> {
  const mark = String(Date.now())
  const purpose: TemplatePurpose = {
    ...sectorPurpose('venue-entry'),
    id: 'curious',
    credentials: [
      {
        format: 'dc+sd-jwt',
        vct_values: [GATE_PASS],
        claims: [['age_over_18'], ['age_over_60'], ['real_person']],
      },
    ],
  }
  return registerVenue({
    ...{ issuerDir: ground.served.dir, clock: () => new Date(), purposes: [purpose] },
    ...{ id: `https://curious-${mark}.example`, operator: `EX${mark}` },
    name: { 'zh-CN': `好奇馆${mark}`, en: `Curious Hall ${mark}` },
  })
}

/** The name is asked beside the facts. */
const greedy = {
  credentials: [
    {
      ...queries['gate-age-over-18'].credentials[0],
      claims: [{ path: ['age_over_18'], values: [true] }, { path: ['family_name'] }],
    },
  ],
}

describe('a fake venue', () => {
  it('that asks for more than it is accredited for gets no more', async () => {
    const visitor = await ground.visitor()
    const challenge = await forgeChallenge(ground.venue, { query: greedy })
    const { shared } = await answerTo(visitor, challenge)
    expect(JSON.stringify(shared)).not.toContain('family_name')
  })

  it('with the accreditation of another venue is refused, and uses nothing up', async () => {
    const visitor = await ground.visitor()
    const tokens = [ground.otherVenue.accreditation('venue-entry')]
    const { code, text } = await answerTo(visitor, await forgeChallenge(ground.venue, { tokens }))
    expect({ code, text }).toEqual({ code: 'accreditation_key', text: null })
    expect(await left(visitor)).toBe(8)
  })

  it('that nobody accredited gets facts at most, after it was shown as unknown', async () => {
    const visitor = await ground.visitor()
    const stranger = await strangerVenue()
    const challenge = await forgeChallenge(stranger, { tokens: [] })
    const { previews } = await answerTo(visitor, challenge, 'refuse')
    expect(previews[0]?.verifier.accredited).toBe(false)
    expect(await left(visitor)).toBe(8)
  })

  it('that nobody accredited gets no name, encrypted or not', async () => {
    const member = await ground.visitor({ types: ['network-certificate'] })
    const stranger = await strangerVenue()
    for (const response_mode of ['netcert_qr', 'netcert_qr.jwt'] as const) {
      const wish = { tokens: [], query: guestListQuery, changes: { response_mode } }
      const { text } = await answerTo(member, await forgeChallenge(stranger, wish))
      expect(text).toBeNull()
    }
  })

  it('with an accreditation that was altered is refused', async () => {
    const visitor = await ground.visitor()
    const [header = '', payload = '', signature = ''] = ground.venue
      .accreditation('venue-entry')
      .split('.')
    const said = Buffer.from(payload, 'base64url').toString().replace('East Lake', 'Ministry of')
    const token = [header, Buffer.from(said).toString('base64url'), signature].join('.')
    const { code } = await answerTo(
      visitor,
      await forgeChallenge(ground.venue, { tokens: [token] }),
    )
    expect(code).toBe('accreditation_signature')
    expect(await left(visitor)).toBe(8)
  })

  it('that signs with another key than the one it names is refused', async () => {
    const visitor = await ground.visitor()
    const { signer } = ground.otherVenue
    const { code, previews } = await answerTo(
      visitor,
      await forgeChallenge(ground.venue, { signer }),
    )
    expect(code).toMatch(/client_unproven|client_id_mismatch|request_signature/)
    expect(previews).toEqual([])
  })

  it('asks for a name in clear, accredited or not, and gets none', async () => {
    const member = await ground.visitor({ types: ['network-certificate'] })
    const tokens = [ground.venue.accreditation('guest-list')]
    const challenge = await forgeChallenge(ground.venue, { tokens, query: guestListQuery })
    const { shared } = await answerTo(member, challenge)
    expect(JSON.stringify(shared)).not.toContain('family_name')
  })

  it('names an address for the answer, and none is sent anywhere', async () => {
    const visitor = await ground.visitor()
    const changes = { response_uri: 'https://arena.example/steal' }
    const { code } = await answerTo(visitor, await forgeChallenge(ground.venue, { changes }))
    expect(code).toBe('response_uri')
  })

  it('cannot make a poster of a challenge that draws a number', async () => {
    const member = await ground.visitor({ ticketOf: ground.venue })
    const wish = {
      tokens: [ground.venue.accreditation('ticketing')],
      query: queries.ticketing,
      changes: { netcert_nonce: 'self-made' as const },
    }
    const { text } = await answerTo(member, await forgeChallenge(ground.venue, wish))
    expect(text).toBeNull()
  })
})

describe('a challenge dated by a fake venue', () => {
  const dated = (visitor: Visitor, days: number) =>
    new Date(visitor.clock.now.getTime() + days * DAY * 1000)

  it('a year ahead erases no passes and leaves no line in the ledger', async () => {
    const visitor = await ground.visitor()
    const challenge = await forgeChallenge(ground.venue, { issuedAt: dated(visitor, 365) })
    const { text, previews } = await answerTo(visitor, challenge)
    expect(text).toBeNull()
    expect(previews[0]?.clocks).not.toBeNull()
    expect(await left(visitor)).toBe(8)
    expect(await visitor.wallet.ledger()).toEqual([])
  })

  it('a day ahead does not begin a new day of what a venue may learn', async () => {
    const visitor = await ground.visitor()
    const venue = await curiousVenue()
    const ask = async (names: readonly string[], days: number) => {
      const query = passQuery(names)
      const tokens = [venue.accreditation('curious')]
      const issuedAt = dated(visitor, days)
      return answerTo(visitor, await forgeChallenge(venue, { query, tokens, issuedAt }))
    }
    expect((await ask(['age_over_18', 'real_person'], 0)).code).toBe('answered')
    expect((await ask(['age_over_60'], 0)).code).toBe('too_many_claims')
    expect((await ask(['age_over_60'], 1.1)).code).toBe('too_many_claims')
  })

  it('before what the wallet has verified counts as that moment, and the screen says so', async () => {
    const visitor = await ground.visitor()
    const wish = { issuedAt: dated(visitor, -365) }
    const { code, previews } = await answerTo(visitor, await forgeChallenge(ground.venue, wish))
    expect(code).toBe('answered')
    expect(previews[0]?.clocks?.gate).toEqual(wish.issuedAt)
  })

  it('back to when it was accredited brings an accreditation that ended not back to life', async () => {
    const { dir, clock, close } = await ground.visitor()
    await close()
    clock.later(31 * DAY)
    const published = join(ground.folder, `later-${Date.now()}`)
    const issuer = await openIssuer({ dir: ground.served.dir, clock: clock.read })
    await issuer.issuer.publish({ out: published })
    await issuer.close()
    const { rootDid } = ground
    const later = { dir, clock: clock.read, create: false, rootDid, listsDir: published }
    const opened = await openWallet(later)
    const issuedAt = new Date(clock.now.getTime() - 30 * DAY * 1000)
    const challenge = await forgeChallenge(ground.venue, { issuedAt })
    const { code } = await answerTo(opened, challenge)
    await opened.close()
    expect(code).toBe('accreditation_expired')
  })
})
