import { certificateType, NETWORK_CERTIFICATE } from '@netcert/credential'
import { openWallet, type ShownClaim } from '@netcert/wallet'
import type { Invocation, Language } from '../invocation.js'
import { type Piece, styled } from '../screen.js'
import { writeTable } from '../table.js'
import type { Person, Place } from './issuing.js'
import type { Shown } from './presenting.js'
import type { Story } from './story.js'

/** One line of the table: a thing that can be known, and who knows it now. */
type Line = {
  readonly name: string
  readonly label: string
  readonly issuer: boolean
  readonly wallet: boolean
  readonly platform: boolean
}

/** What {@link tellLearned} looks at. */
export type LearnedOptions = {
  readonly invocation: Invocation
  readonly place: Place
  readonly person: Person
  readonly shown: Shown
}

/** Step: what each party knows now, claim by claim: what the wallet holds, and what left it. */
export async function tellLearned(story: Story, options: LearnedOptions): Promise<void> {
  const { screen, language } = options.invocation
  const lines = await story.step('What each party learned', async (tell) => {
    const claims = claimLines(await heldClaims(options), options.shown, language)
    const told = claims.filter(({ platform }) => platform).length
    tell.say(`Of ${claims.length} claims in the certificate the platform learned ${told}.`)
    return [...claims, ...otherLines]
  })
  writeTable(screen, {
    indent: 2,
    head: ['claim', '', 'issuer', 'wallet', 'platform'],
    rows: lines.map(({ name, label, issuer, wallet, platform }) => [
      name,
      label,
      mark(issuer),
      mark(wallet),
      platform ? styled('green', 'learned') : '–',
    ]),
  })
  screen.result({ learned: lines })
}

/** The claims of the certificate that was shown, by name; the values stay where they are. */
async function heldClaims({ place, person }: LearnedOptions): Promise<readonly ShownClaim[]> {
  const { walletDir: dir } = person
  const { wallet, close } = await openWallet({ dir, clock: place.clock, create: false })
  try {
    const oneTime = (await wallet.list()).find(({ kind }) => kind === 'one-time')
    return oneTime === undefined ? [] : (await wallet.show(oneTime.id)).claims
  } finally {
    await close()
  }
}

/** What the issuer signed and the wallet holds; the platform's column is what was disclosed. */
function claimLines(claims: readonly ShownClaim[], { disclosed }: Shown, language: Language) {
  const order = [...certificateType(NETWORK_CERTIFICATE).claims].map(({ path }) => path.join('.'))
  const named = claims
    .map(({ path, label }) => ({ name: path.join('.'), label: label[language] }))
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  return named
    .filter(({ name }) => !named.some((other) => other.name.startsWith(`${name}.`)))
    .map((line) => ({
      name: line.name,
      label: line.label,
      issuer: true,
      wallet: true,
      platform: disclosed.includes(line.name),
    }))
}

/** What is no claim but can be learned all the same. */
const otherLines: readonly Line[] = [
  other('Issuer, type and dates', { issuer: true, platform: true }),
  other('Key of this one copy', { issuer: true, platform: true }),
  other('That somebody came, and when', { issuer: false, platform: true }),
  other('That two visits are of one', { issuer: false, platform: false }),
]

function other(
  label: string,
  known: { readonly issuer: boolean; readonly platform: boolean },
): Line {
  return { name: '', label, wallet: true, ...known }
}

function mark(known: boolean): Piece {
  return known ? 'knows' : '–'
}
