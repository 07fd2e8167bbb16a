import { unpackAnswer } from '@netcert/protocol/gate'
import { expect, test } from 'vitest'
import { answerWith, type LoosePass, looseTicket, readChallenge } from '../gate-attacker.js'
import { type GateGround, startGateGround } from '../gate-ground.js'
import { createEvent, laneSettings, openLane } from '../gate-lanes.js'
import { qrSize } from './src/qr-screen.js'
import { adultPasses, say, sayHeads, sayTimes, timed, type Times } from './time-table.js'

/**
 * npm run bench:gate
 *
 * From the text of a code to the verdict, in Node, and how large the codes are. Prints; asserts none.
 */
const PERSONS = 60
/** The first ones compile the code. */
const WARM_UP = 150

test('from a code’s text to its verdict', async () => {
  const ground = await startGateGround({ citizens: PERSONS + 2 })
  try {
    const settings = laneSettings(ground, createEvent(ground.venue))
    const codes = await adultPasses(ground, settings, PERSONS)
    // Times are for people to judge; a run that measured nothing is broken.
    expect(codes.length).toBeGreaterThan(WARM_UP)
    sayHeads()
    await timeJudging(ground, codes)
    await saySizes(ground, codes)
  } finally {
    await ground.close()
  }
}, 600_000)

/** The ledger is in memory: a disk's wait is not the code's. */
async function timeJudging(ground: GateGround, codes: readonly LoosePass[]): Promise<void> {
  const lane = await openLane(ground, laneSettings(ground, createEvent(ground.venue)))
  const text = await lane.challenge()
  const { nonce } = readChallenge(text)
  const known = { audience: lane.settings.clientId, nonces: [nonce], decryptionKeys: [] }
  const answers = await Promise.all(codes.map((pass) => answerWith(pass, text)))
  const unpacked: Times = { wall: [], cpu: [] }
  const judged: Times = { wall: [], cpu: [] }
  for (const answer of answers) await timed(unpacked, () => unpackAnswer(answer, known))
  for (const answer of answers)
    await timed(judged, async () => {
      const { colour, code } = await lane.gate.judge(answer)
      if (colour !== 'green') throw new Error(`${code} instead of an entry`)
    })
  const warm = ({ wall, cpu }: Times) => ({ wall: wall.slice(WARM_UP), cpu: cpu.slice(WARM_UP) })
  sayTimes('code’s text to presentation, Node', warm(unpacked))
  sayTimes('code’s text to verdict, Node', warm(judged))
}

async function saySizes(ground: GateGround, [pass]: readonly LoosePass[]): Promise<void> {
  const sizeOf = (text: string) => `${text.length} letters, version ${qrSize(text).version}-L`
  const event = createEvent(ground.venue)
  const [fact, ticket] = await Promise.all(
    (['fact', 'ticket'] as const).map((kind) =>
      openLane(ground, laneSettings(ground, event, { kind })),
    ),
  )
  if (pass === undefined || fact === undefined || ticket === undefined) return
  const bought = await looseTicket(ground, ground.venue)
  say(`\n- challenge: ${sizeOf(await fact.challenge())}`)
  say(`- gate pass: ${sizeOf(await answerWith(pass, await fact.challenge()))}`)
  say(`- ticket: ${sizeOf(await answerWith(bought, await ticket.challenge()))}`)
}
