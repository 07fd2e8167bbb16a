import { parseOfferLink } from '@netcert/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildChildProgram, runChildProgram } from '../../../test/child-program.js'
import { startCredentialIssuer } from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

describe.each(engines)('two processes that redeem the same codes, %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))
  let program = ''
  beforeAll(async () => {
    program = await buildChildProgram('test/offer-redeeming-program.ts')
  })

  const codes = async (count: number, txCode: string | null) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const created = await test.offers.createOffer({
          citizen: test.adult,
          types: ['gate-pass'],
          grant: 'pre-authorized',
          txCode,
        })
        const link = parseOfferLink(created.offerUri)
        const grants = link.kind === 'value' ? link.offer.grants : undefined
        return { code: grants![GRANT]!['pre-authorized_code'], txCode: created.txCode }
      }),
    )
  const race = async (txCode: string, names: readonly string[]) => {
    const children = [0, 1].map(() => runChildProgram(program, [test.dir, txCode, ...names]))
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0])
    return children.flatMap(({ lines }) => lines)
  }

  it('get each code exactly once between them', async () => {
    const names = (await codes(20, null)).map(({ code }) => code)
    const lines = await race('-', names)
    const won = lines.filter((line) => !line.startsWith('!'))
    expect(won).toHaveLength(20)
    expect(new Set(won)).toEqual(new Set(names))
    expect(new Set(lines.filter((line) => line.startsWith('!')))).toEqual(
      new Set(['! pre_authorized_code_used']),
    )
  })

  it('have five wrong guesses between them, not five each', async () => {
    const offers = await codes(10, 'generate')
    const lines = await race(
      'wrong',
      offers.map(({ code }) => code),
    )
    expect(lines.filter((line) => line === '! tx_code_wrong')).toHaveLength(50)
    for (const { code, txCode } of offers) {
      await expect(
        test.offers.redeemPreAuthorizedCode({ code, txCode: txCode!, address: code }),
      ).rejects.toMatchObject({ code: 'pre_authorized_code_used' })
    }
  })
})
