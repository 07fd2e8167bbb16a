import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readDerElement } from '../../packages/issuer/src/chip/der.js'
import { parseChipCertificate } from '../../packages/issuer/src/chip/chip-certificate.js'
import {
  type ChipContent,
  verifyDocumentChip,
} from '../../packages/issuer/src/chip/document-chip.js'
import { ELLIPTIC_CURVES } from '../../packages/issuer/src/chip/elliptic-curves.js'
import { readMasterList } from '../../packages/issuer/src/chip/master-list.js'
import { SAMPLE_ALGORITHMS } from '../../packages/issuer/src/chip/sample-algorithm.js'
import type { SampleAuthority } from '../../packages/issuer/src/chip/sample-authority.js'
import { chipNow, createChipGround } from '../chip-ground.js'

const folder = mkdtempSync(join(tmpdir(), 'netcert-chip-'))
afterAll(() => rmSync(folder, { recursive: true }))
const inFolder = (name: string) => join(folder, name)
const at = ['-attime', String(chipNow.getTime() / 1000)]

function openssl(...args: readonly string[]) {
  const { status, stderr, stdout } = spawnSync('openssl', args, { encoding: 'latin1' })
  return { accepted: status === 0, said: stdout + stderr }
}

function put(name: string, bytes: Uint8Array): string {
  writeFileSync(inFolder(name), bytes)
  return inFolder(name)
}

/** A certificate as the PEM that OpenSSL wants for trust. */
function putPem(name: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', '']
  return put(name, Buffer.from(pem.join('\n')))
}

/** The same document and list, by our own reading. */
function expectOurs(authority: SampleAuthority, chip: ChipContent): void {
  const trusted = [authority.cscaCertificate]
  const ours = verifyDocumentChip({ ...chip, cscaCertificates: trusted, now: chipNow })
  expect(ours).toMatchObject({ face: 'present', dataGroups: [1, 2], mrz: { sex: 'female' } })
  const list = { bytes: authority.masterList, trustAnchors: trusted, now: chipNow }
  expect(readMasterList(list)).toMatchObject({ unreadable: 0, signedBy: 'UT' })
}

const names = SAMPLE_ALGORITHMS.map(({ name }) => name)

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe.skipIf(!hasOpenssl)('a synthetic document, to OpenSSL (needs the openssl command)', () => {
  test.each(names.filter((name) => !name.includes('explicit')))(
    'signed with %s is genuine, and no longer when a byte differs',
    async (algorithm) => {
      const { authority, chip } = await createChipGround(algorithm)
      const csca = putPem('csca.pem', authority.cscaCertificate)
      const signer = putPem('signer.pem', authority.documentSigner.certificate)
      expect(openssl('verify', ...at, '-CAfile', csca, signer).said).toContain('OK')

      const message = readDerElement(chip.sod).content
      const verify = (file: string) =>
        openssl(
          ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', file],
          ...['-CAfile', csca, '-purpose', 'any', '-out', inFolder('content'), ...at],
        )
      expect(verify(put('sod.der', message))).toMatchObject({ accepted: true })
      const content = readFileSync(inFolder('content'))
      expect(Buffer.from(message).includes(content)).toBe(true)
      expect(verify(put('list.ml', authority.masterList))).toMatchObject({ accepted: true })

      const forged = Buffer.from(message)
      forged[forged.indexOf(content) + 40]! ^= 1
      expect(verify(put('forged.der', forged))).toMatchObject({ accepted: false })

      expectOurs(authority, chip)
    },
  )

  // OpenSSL trusts no chain in which parameters are written out, whosever they are (error 94).
  test.each(names.filter((name) => name.includes('explicit')))(
    'signed with %s has signatures that hold',
    async (algorithm) => {
      const { authority, chip } = await createChipGround(algorithm)
      const message = put('sod.der', readDerElement(chip.sod).content)
      const read = ['cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', message]
      expect(openssl(...read, '-out', inFolder('content'))).toMatchObject({ accepted: true })

      const { signed, signature } = parseChipCertificate(authority.documentSigner.certificate)
      const csca = putPem('csca.pem', authority.cscaCertificate)
      put('csca.pub', Buffer.from(openssl('x509', '-in', csca, '-noout', '-pubkey').said))
      const digest = algorithm.replace(/.*-/, '-')
      const check = ['dgst', digest, '-verify', inFolder('csca.pub'), '-signature']
      const files = [put('signature', signature), put('signed', signed)]
      expect(openssl(...check, ...files).said).toContain('Verified OK')
      expectOurs(authority, chip)
    },
  )

  test.each(ELLIPTIC_CURVES)('has $name with the parameters of our table', (curve) => {
    const name = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' }[curve.name]
    const { status, stdout } = spawnSync('openssl', [
      ...['ecparam', '-name', name ?? curve.name, '-param_enc', 'explicit', '-outform', 'DER'],
    ])
    expect(status).toBe(0)
    const parameters = stdout.toString('hex')
    const { p, a, b, x, y, n } = curve
    for (const number of [p, a, b, n]) expect(parameters).toContain(number)
    expect(parameters).toContain(`04${x}${y}`)
  })
})
