import type { Invocation } from '../invocation.js'
import { type Piece, styled } from '../screen.js'
import { writeTable } from '../table.js'
import type { Wire } from './accrediting.js'
import type { Person, Place } from './issuing.js'
import type { Story } from './story.js'
import { atWallet } from './visiting.js'

/** Step: what the wallet keeps of the visits, and what it can demand. */
export function lookBack(
  story: Story,
  place: Place,
  { wire, person }: { readonly wire: Wire; readonly person: Person },
): Promise<void> {
  return story.step('The citizen looks back, and has one platform forget', async (tell) => {
    const [, games] = wire.platforms
    await atWallet(place, person.walletDir, async (wallet) => {
      const lines = await wallet.ledger()
      const signed = lines.filter(({ receipt }) => receipt === 'verified')
      const check = await wallet.checkLedger()
      if (check.kind === 'broken' || signed.length !== 3) throw new Error('three receipts expected')
      tell.say(
        'For each visit the platform signed a receipt of what it received, and the ledger holds it: ' +
          'what, to whom, why, until when. It holds names of claims, never their values.',
      )
      tell.fact(
        'ledger',
        `${lines.length} lines`,
        `, ${signed.length} of them with a signed receipt`,
      )
      tell.fact('chain', `whole: each of ${check.entries} entries holds the hash of the one before`)
      const { state } = await wallet.forgetPlatform(games.id)
      if (state !== 'deleted') throw new Error('the platform was expected to delete')
      tell.fact('forget', `${games.id}: ${state}`, '  signed demand, signed answer')
    })
  })
}

/** Step: who knows what of the visits. */
export async function tellVisits(story: Story, { screen }: Invocation): Promise<void> {
  const lines = await story.step('Who learned what of the visits', async (tell) => {
    tell.say('Numbers serve to know a customer again; only the wallet knows that they are of one.')
    return visitLines
  })
  writeTable(screen, {
    indent: 2,
    head: ['', 'issuer', 'wallet', 'forum', 'games'],
    rows: lines.map(({ name, issuer, wallet, forum, games }) => [
      name,
      mark(issuer, 'knows'),
      mark(wallet, 'knows'),
      mark(forum, styled('green', 'learned')),
      mark(games, styled('green', 'learned')),
    ]),
  })
  screen.result({ visits: lines })
}

const visitLines = [
  line('That there is a real person', { issuer: true, forum: true, games: true }),
  line('The number at the forum', { issuer: false, forum: true, games: false }),
  line('The number at the games', { issuer: false, forum: false, games: true }),
  line('That both are of one person', { issuer: false, forum: false, games: false }),
  line('The network number', { issuer: true, forum: false, games: false }),
  line('Name, birth date, document', { issuer: true, forum: false, games: false }),
  line('That copies for platforms were fetched', { issuer: true, forum: false, games: false }),
  line('For which platforms', { issuer: false, forum: false, games: false }),
]

type Known = { readonly issuer: boolean; readonly forum: boolean; readonly games: boolean }

function line(name: string, known: Known) {
  return { name, wallet: true, ...known }
}

function mark(known: boolean, piece: Piece): Piece {
  return known ? piece : '–'
}
