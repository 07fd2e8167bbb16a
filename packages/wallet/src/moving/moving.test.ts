import { NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { PLATFORM_ID } from '../../../../test/accreditation-ground.js'
import { platformWalletGround } from '../../../../test/platform-wallet-ground.js'
import { openMoveFile, sealMoveFile } from './move-file.js'
import { readMovedWallet } from './moved-wallet.js'
import { suggestPassphrase } from './passphrase.js'

const ground = platformWalletGround()
const { vci } = ground
const passphrase = 'correct horse battery staple'
const settings = { language: 'en', lock_after_seconds: 60 }
const refusal = (code: string) => expect.objectContaining({ code })
const other = (name = 'other') => vci.open({ dir: `${vci.ground.folder}/${name}` })
const exported = () => ground.wallet.moving.export({ passphrase, settings })
const numberOf = () => ground.numberIn(ground.lastPresentation())

describe('a wallet that moves', () => {
  it('takes settings, platforms and the ledger along, and no certificate and no key', async () => {
    ground.giveReceipts()
    await ground.answer()
    const number = numberOf()
    const file = await exported()
    const old = await ground.wallet.ledger()
    const fresh = await other()
    expect(await fresh.moving.import({ file, passphrase })).toMatchObject({
      ...{ settings, platforms: 1, wards: 0, ledger: 2, exportedAt: vci.ground.now },
    })
    expect(await fresh.list()).toEqual([])
    expect(await fresh.ledger()).toEqual(old)
    expect(await fresh.checkLedger()).toMatchObject({ kind: 'whole', entries: 2 })
    expect(await fresh.platforms()).toMatchObject([
      { platformId: PLATFORM_ID, batch: null, vct: NETWORK_CERTIFICATE, dueAt: null },
    ])
    // The issuer issues anew, and the platform meets the number it knows.
    await vci.receive(fresh, {
      offer: vci.issuer.offer({ ids: ['certificate', 'network-certificate-platform'] }),
    })
    ground.use(fresh)
    await ground.answer()
    expect(numberOf()).toBe(number)
  })

  it('carries nothing that signs, and no claim', async () => {
    await ground.answer()
    const plain = await openMoveFile(await exported(), passphrase)
    expect(readMovedWallet(plain)).toMatchObject({ settings })
    expect(plain).not.toMatch(/"d":|holder-|dc\+sd-jwt/)
    expect(plain).not.toContain(numberOf())
    expect(Buffer.byteLength(plain) % (16 * 1024)).toBe(0)
  })

  it('opens with no other passphrase, and not when it was changed', async () => {
    const file = await exported()
    const fresh = await other()
    const middle = Math.floor(file.length / 2)
    const flipped = file[middle] === 'A' ? 'B' : 'A'
    const altered = file.slice(0, middle) + flipped + file.slice(middle + 1)
    for (const [given, words] of [
      [file, 'correct horse battery stapl'],
      [altered, passphrase],
    ] as const) {
      const taking = fresh.moving.import({ file: given, passphrase: words })
      await expect(taking).rejects.toThrow(refusal('move_locked'))
    }
    for (const given of ['', '{}', file.replace('netcert-move 1', 'netcert-move 2'), `${file}x`]) {
      const taking = fresh.moving.import({ file: given, passphrase })
      await expect(taking).rejects.toThrow(refusal('move_unreadable'))
    }
    expect([await fresh.ledger(), await fresh.platforms()]).toEqual([[], []])
  })

  it('is refused with a ledger that was changed, or is not of the form', async () => {
    await ground.answer()
    const moved = JSON.parse(await openMoveFile(await exported(), passphrase)) as {
      ledger: { entries: { recorded_at: number }[] }
    }
    const [first, ...rest] = moved.ledger.entries
    const entries = [{ ...first, recorded_at: 1 }, ...rest]
    const read = (content: object) => () => readMovedWallet(JSON.stringify(content))
    const changed = { ...moved, ledger: { ...moved.ledger, entries } }
    expect(read(moved)).not.toThrow()
    expect(read(changed)).toThrow(refusal('ledger_broken'))
    for (const content of [{ ...moved, keys: [] }, { ...moved, format: 'netcert-move/2' }, []]) {
      expect(read(content)).toThrow(refusal('move_unreadable'))
    }
  })

  it('leaves a ledger alone that has lines of its own, and can be taken in again', async () => {
    await ground.answer()
    const file = await exported()
    const fresh = await other()
    await fresh.moving.import({ file, passphrase })
    const before = await fresh.exportLedger()
    expect(await fresh.moving.import({ file, passphrase })).toMatchObject({ ledger: null })
    expect((await fresh.exportLedger()).entries).toEqual(before.entries)
    expect(await fresh.platforms()).toHaveLength(1)
  })

  it('believes an accreditation by its registrar alone', async () => {
    await ground.answer()
    const file = await exported()
    expect(await ground.wallet.platforms()).toMatchObject([{ accreditation: /./ }])
    const plain = await openMoveFile(file, passphrase)
    const moved = JSON.parse(plain) as { platforms: { accreditation: string }[] }
    const fresh = await other()
    const [platform] = moved.platforms
    const forged = { ...platform!, accreditation: `${platform!.accreditation.slice(0, -6)}AAAAAA` }
    const elsewhere = { ...platform!, platform_id: 'did:example:elsewhere' }
    const content = { ...moved, platforms: [forged, elsewhere] }
    const spoiled = await sealMoveFile(JSON.stringify(content), passphrase)
    await fresh.moving.import({ file: spoiled, passphrase })
    const held = await fresh.platforms()
    expect(held.map(({ accreditation }) => accreditation)).toEqual([null, null])
    const good = await other('good')
    await good.moving.import({ file, passphrase })
    expect(await good.platforms()).toEqual([
      expect.objectContaining({ accreditation: platform!.accreditation }),
    ])
  })

  it('calls children what they were called, once their certificates are issued again', async () => {
    vci.issuer.behaviour.wards = ['ward-certificate:a']
    const offer = () => vci.issuer.offer({ ids: ['ward-certificate'] })
    await vci.receive(ground.wallet, { offer: offer() })
    await ground.wallet.wards.rename('child-1', '小雨')
    const fresh = await other()
    await fresh.moving.import({ file: await exported(), passphrase })
    await vci.receive(fresh, { offer: offer() })
    expect(await fresh.wards.holdings()).toMatchObject([
      { label: '小雨', brings: [WARD_CERTIFICATE], certificates: [{ vct: WARD_CERTIFICATE }] },
    ])
  })

  it('calls a child so that is here already, and keeps what it knows of them', async () => {
    vci.issuer.behaviour.wards = ['ward-certificate:a']
    const offer = () => vci.issuer.offer({ ids: ['ward-certificate'] })
    await vci.receive(ground.wallet, { offer: offer() })
    await ground.wallet.wards.rename('child-1', '小雨')
    const fresh = await other()
    await vci.receive(fresh, { offer: offer() })
    vci.issuer.behaviour.pauseAnswer = () => [200, {}]
    await fresh.wards.pause({ ward: 'child-1' })
    await fresh.moving.import({ file: await exported(), passphrase })
    expect(await fresh.wards.holdings()).toMatchObject([
      { label: '小雨', pause: { since: vci.ground.now } },
    ])
  })
})

describe('a passphrase', () => {
  it('that is soon guessed is not taken', async () => {
    for (const weak of ['short', 'password1234']) {
      const leaving = ground.wallet.moving.export({ passphrase: weak, settings })
      await expect(leaving).rejects.toThrow(refusal('passphrase_weak'))
    }
  })

  it('may be typed as people type', async () => {
    const suggested = suggestPassphrase()
    const file = await sealMoveFile('{}', suggested)
    const typed = suggested.toLowerCase().replaceAll(' ', '-')
    expect((await openMoveFile(file, typed)).trim()).toBe('{}')
    const words = await sealMoveFile('{}', 'ＡＢＣ 一二三四五六七八九')
    expect((await openMoveFile(words, ' ABC  一二三四五六七八九')).trim()).toBe('{}')
  })
})

describe('what a guardian sees of a child', () => {
  it('names the certificates, and who gives them', async () => {
    vci.issuer.behaviour.wards = ['ward-certificate:a', 'guardianship:c']
    const ids = ['ward-certificate', 'guardianship']
    await vci.receive(ground.wallet, { offer: vci.issuer.offer({ ids }) })
    const [child, teen] = await ground.wallet.wards.holdings()
    expect(child).toMatchObject({ label: 'child-1', pause: null, certificates: [{ copies: 1 }] })
    expect(child!.issuer).toMatch(/^http/)
    expect(teen).toMatchObject({ label: 'child-2', certificates: [], ownFrom: null })
  })
})
