import { once } from 'node:events'
import { connect } from 'node:net'
import type { Trust } from '@netcert/credential'
import { freshnessPolicies, isJsonObject } from '@netcert/credential'
import { memoryReplays, type Session, type VerificationResult, verifyOnce } from '@netcert/verifier'
import { type NetworkGuard, refuseNetwork } from '../network-guard.js'
import { styled } from '../screen.js'
import type { People, Place } from './issuing.js'
import {
  ageOver18,
  askWallet,
  openPlatform,
  OTHER_SHOP,
  platformTrust,
  TICKETS,
} from './platform.js'
import { refusalOf, type Story, type Teller } from './story.js'

/** The one presentation of the story and what came of it. */
export type Shown = {
  readonly session: Session
  readonly presentation: string
  /** Names of the claims that left the wallet. */
  readonly disclosed: readonly string[]
  readonly result: VerificationResult
  /** Verifies a text as the platform does; the session is used up already. */
  readonly again: (presentation: string) => Promise<unknown>
}

/** Steps: the platform asks, the citizen answers, the platform verifies offline. */
export async function presentAndVerify(story: Story, place: Place, people: People): Promise<Shown> {
  const trust = await platformTrust(place)
  const platform = openPlatform(() => trust, place.clock)
  const session = await story.step('A ticket platform asks one question', (tell) =>
    ask(tell, () => platform.createSession({ query: ageOver18 })),
  )
  const answer = await story.step(
    'The first citizen answers with a copy that is used once',
    async (tell) => {
      const [{ walletDir }] = people
      const { nonce } = session
      const { clock } = place
      const given = await askWallet({
        walletDir,
        clock,
        nonce,
        kind: 'one-time',
        audience: TICKETS,
      })
      const { presentation, disclosed, remaining } = given
      tell.fact('disclosed', disclosed.map((path) => path.join('.')).join(', '))
      tell.fact('sent', `${presentation.length} bytes, signed for ${TICKETS} only`)
      tell.fact('left', `${remaining} one-time copies`)
      return { presentation, disclosed: disclosed.map((path) => path.join('.')) }
    },
  )
  const verify = (presentation: string) => platform.verify({ session: session.id, presentation })
  const result = await story.step('The platform verifies with the network refused', (tell) =>
    offline(tell, () => verify(answer.presentation)),
  )
  return { session, ...answer, result, again: verify }
}

async function ask(tell: Teller, createSession: () => Promise<Session>): Promise<Session> {
  const session = await createSession()
  tell.say('Are you 18 or older? No name, no number, no birth date is asked for.')
  tell.fact('platform', TICKETS)
  tell.fact('nonce', session.nonce, '  good for one answer')
  return session
}

async function offline(
  tell: Teller,
  verify: () => Promise<VerificationResult>,
): Promise<VerificationResult> {
  const guard = refuseNetwork()
  try {
    await proveRefused(guard)
    const before = guard.attempts()
    const result = await verify()
    const attempts = guard.attempts() - before
    tell.say('Every socket and name look-up of this process is refused, tried out first.')
    tell.fact(
      'verdict',
      styled('green', result.freshness.verdict),
      `, 18 or older: ${over18(result)}`,
    )
    tell.fact('needed', `${attempts} connections`)
    return result
  } finally {
    guard.restore()
  }
}

/** A guard that is not tried out proves nothing: one connection to this very machine must fail. */
async function proveRefused(guard: NetworkGuard): Promise<void> {
  await refusalOf('network_refused', async () => once(connect(9, '127.0.0.1'), 'connect'))
  if (guard.attempts() === 0) throw new Error('the network guard counted nothing')
}

/** The one fact of the story, as the platform's code gets it. */
function over18({ facts }: VerificationResult): string {
  const ages = facts['age_equal_or_over']
  return isJsonObject(ages) && ages['18'] === true ? 'yes' : 'no'
}

const DAY = 24 * 3600 * 1000

/** Step: what must be refused is refused, each with its own code. */
export function tryToCheat(story: Story, place: Place, people: People, shown: Shown) {
  return story.step('What must not pass does not pass', async (tell) => {
    const trust = await platformTrust(place)
    const judge = (presentation: string, audience: string) =>
      verifyOnce({
        trust,
        presentation,
        audience,
        nonce: shown.session.nonce,
        query: ageOver18,
        freshness: freshnessPolicies['grace-24h'],
        replays: memoryReplays({ clock: place.clock }),
        platform: null,
        now: place.clock(),
      })
    const { presentation } = shown
    await expect(tell, 'a claim was altered', 'disclosure_unreferenced', () =>
      judge(withOtherClaim(presentation), TICKETS),
    )
    await expect(tell, 'one character of the signature was altered', 'bad_signature', () =>
      judge(withOtherSignature(presentation), TICKETS),
    )
    await expect(tell, 'another shop received it and passed it on', 'kb_aud', () =>
      judge(presentation, OTHER_SHOP),
    )
    await expect(tell, 'the same presentation came again', 'session_used', () =>
      shown.again(presentation),
    )
    await expect(tell, 'the lists were eight days old', 'status_list_expired', () =>
      eightDaysLater(place, people, trust),
    )
  })
}

async function expect(tell: Teller, what: string, code: string, work: () => Promise<unknown>) {
  tell.refused(what, await refusalOf(code, work))
}

/** Another value in the last disclosure, of the same length. */
function withOtherClaim(presentation: string): string {
  const parts = presentation.split('~')
  const disclosure = parts.at(-2) ?? ''
  const text = Buffer.from(disclosure, 'base64url').toString('utf8').replace('true', 'null')
  return parts.with(-2, Buffer.from(text).toString('base64url')).join('~')
}

function withOtherSignature(presentation: string): string {
  const end = presentation.indexOf('~') - 10
  const other = presentation[end] === 'A' ? 'B' : 'A'
  return `${presentation.slice(0, end)}${other}${presentation.slice(end + 1)}`
}

/** A platform copy, shown eight days later to a verifier that never copied newer lists. */
async function eightDaysLater(place: Place, people: People, trust: Trust): Promise<unknown> {
  const clock = () => new Date(place.clock().getTime() + 8 * DAY)
  const platform = openPlatform(() => trust, clock)
  const { id, nonce } = await platform.createSession({ query: ageOver18 })
  const [, { walletDir }] = people
  const audience = TICKETS
  const { presentation } = await askWallet({ walletDir, clock, nonce, kind: 'platform', audience })
  return platform.verify({ session: id, presentation })
}
