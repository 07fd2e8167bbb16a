import { describe, expect, test } from 'vitest'
import { codeOf, importsOf, readRepository } from './architecture/source-file.js'

const issuer = readRepository().filter(
  ({ path }) => /^packages\/issuer\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'),
)
const name = (path: string) => path.replace('packages/issuer/src/', '')
/** Files of the issuer whose code, comments left out, has this in it. */
const filesWith = (sign: RegExp) =>
  issuer.filter(({ text }) => sign.test(codeOf(text))).map(({ path }) => name(path))

/**
 * Between a request and a signature stands the plan: these are the doors, and there are no others. A
 * "test" or "preview" endpoint that signs something would have to open one of them.
 */
describe('the way to a signature of the issuer', () => {
  test('leads through one file that builds certificates', () => {
    expect(filesWith(/\bcreate(Batch|Credential)\s*\(/)).toEqual(['minting.ts'])
    expect(filesWith(/\bsignBatch\s*\(/).toSorted()).toEqual([
      'certificate-signer.ts',
      'minting.ts',
    ])
  })

  test('needs the key, which one file hands to the signer', () => {
    expect(filesWith(/KEY_ALIASES\.credential|KEY_ALIASES\[/).toSorted()).toEqual([
      'certificate-authority.ts',
      'issuer-assembly.ts',
      'issuer-keys.ts',
      'issuer-signers.ts',
      'signer-key-open.ts',
      'signer-open.ts',
    ])
    // The last one looks whether a key opens, and takes nothing of it but its name.
    expect(filesWith(/keyStore\.signer\(/).toSorted()).toEqual([
      'audit/audit-head.ts',
      'issuer-signers.ts',
      'key-rotation.ts',
    ])
    const rotation = codeOf(issuer.find(({ path }) => path.endsWith('/key-rotation.ts'))!.text)
    expect(rotation).not.toMatch(/\.sign\(|sign:/)
    expect(filesWith(/openIssuerSigners\(/).toSorted()).toEqual([
      'issuer-assembly.ts',
      'issuer-signers.ts',
      'signer-assembly.ts',
    ])
    expect(filesWith(/signers\.credential\b/)).toEqual([])
  })

  test('is never taken by what speaks HTTP', () => {
    const forbidden = /\/(signer-assembly|issuer-signers|signer-key-open)\.js$/
    const takers = issuer.filter(({ path, text }) => {
      const speaksHttp = /http\.ts$|\/(vci|as)-[a-z-]+\.ts$/.test(path)
      return speaksHttp && importsOf(codeOf(text)).some(({ name: from }) => forbidden.test(from))
    })
    expect(takers.map(({ path }) => name(path))).toEqual([])
  })

  test('asks for a batch, and every asking of it comes after a plan', () => {
    expect(filesWith(/\bcertificates\.sign\(/)).toEqual(['minting.ts'])
    const asking = filesWith(/\bissuer\.sign\(/)
    expect(asking.toSorted()).toEqual(['vci-deferred.ts', 'vci-issuance.ts'])
    for (const path of asking) {
      const text = codeOf(issuer.find((file) => name(file.path) === path)!.text)
      expect(text).toMatch(/\bissuer\.plan\(/)
    }
  })
})
