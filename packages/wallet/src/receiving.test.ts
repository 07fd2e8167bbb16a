import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { createTrustDomain, later, testNow } from '../../../test/trust-domain.js'
import { walletGround } from '../../../test/wallet-ground.js'

const over18 = parseQuery(queries['age-over-18'])
const shop = 'https://shop.example'
const nonce = 'nonce-of-good-length-1'
const refusal = (code: string) => expect.objectContaining({ code })
const ground = walletGround()

describe('receiving', () => {
  it('matches copies to keys, counts them, and shows claims by name only', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 3)
    const [certificate] = await wallet.list()
    expect(certificate).toMatchObject({
      kind: 'one-time',
      vct: 'urn:netcert:network-certificate:1',
      issuer: ground.domain.issuerDid,
      copies: 3,
      remaining: 3,
      expiresAt: later(7 * 86_400),
    })
    const shown = await wallet.show(certificate!.id)
    const name = shown.claims.find(({ path }) => path[0] === 'family_name')
    expect(name).toEqual({
      path: ['family_name'],
      class: 'identity',
      label: { 'zh-CN': '姓', en: 'Family name' },
    })
    expect(shown.claims.map(({ path }) => path)).toContainEqual(['age_equal_or_over', '18'])
    expect(shown.claims.map(({ path }) => path)).not.toContainEqual(['age_equal_or_over'])
    const revealed = await wallet.show(certificate!.id, { reveal: true })
    expect(revealed.claims.find(({ path }) => path[0] === 'family_name')?.value).toBe('Beispiel')
  })

  it('refuses a copy for a foreign key, and then stores none of the others', async () => {
    const wallet = await ground.open()
    const stranger = await ground.open({ dir: join(ground.folder, 'stranger') })
    const [own] = await wallet.createHolderKeys(1)
    const [foreign] = await stranger.createHolderKeys(1)
    const credentials = await Promise.all(
      [own!, foreign!].map((jwk) => ground.domain.mint({ jwk })),
    )
    await expect(wallet.receive({ credentials, kind: 'one-time' })).rejects.toThrow(
      refusal('key_foreign'),
    )
    expect(await wallet.list()).toEqual([])
  })

  it('refuses a second copy for one key: in one go, later, and to parallel callers', async () => {
    const wallet = await ground.open()
    const [jwk] = await wallet.createHolderKeys(1)
    const one = await ground.domain.mint({ jwk: jwk! })
    const two = await ground.domain.mint({ jwk: jwk! })
    await expect(wallet.receive({ credentials: [one, two], kind: 'one-time' })).rejects.toThrow(
      refusal('copy_duplicate'),
    )
    const outcomes = await Promise.allSettled(
      [one, two].map((credential) =>
        wallet.receive({ credentials: [credential], kind: 'one-time' }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(wallet.receive({ credentials: [one], kind: 'one-time' })).rejects.toThrow(
      refusal('copy_duplicate'),
    )
    expect(await wallet.list()).toHaveLength(1)
  })

  it('refuses an untrusted issuer, an expired copy, a presentation, a mixture and nothing', async () => {
    const wallet = await ground.open()
    const [jwk, other] = await wallet.createHolderKeys(2)
    const stranger = await createTrustDomain()
    const gatePass = {
      vct: 'urn:netcert:gate-pass:1',
      claims: { real_person: 'document', age_over_14: true, age_over_18: true, age_over_60: false },
    }
    const expired = ground.domain.mint({ jwk: jwk!, expiresAt: testNow })
    const cases: [string, string[]][] = [
      ['issuer_untrusted', [await stranger.mint({ jwk: jwk! })]],
      ['time_expired', [await expired]],
      [
        'batch_mixed',
        [
          await ground.domain.mint({ jwk: jwk! }),
          await ground.domain.mint({ jwk: other!, ...gatePass }),
        ],
      ],
      ['batch_empty', []],
    ]
    for (const [code, credentials] of cases) {
      await expect(wallet.receive({ credentials, kind: 'one-time' })).rejects.toThrow(refusal(code))
    }
    expect(await wallet.list()).toEqual([])
  })

  it('leaves no claim readable on disk', async () => {
    const wallet = await ground.open()
    await ground.receiveOneTime(wallet, 2)
    await wallet.present({ query: over18, audience: shop, nonce })
    await ground.closeAll()
    const dir = join(ground.folder, 'wallet')
    for (const name of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue
      const bytes = await readFile(join(name.parentPath, name.name), 'latin1')
      for (const secret of ['Beispiel', 'QmVpc3BpZWw', 'family_name', '~eyJ', 'shop.example']) {
        expect(bytes).not.toContain(secret)
      }
    }
  })
})
