import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CredentialError, type JsonObject } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { judge } from '../../scripts/src/vectors/judge.js'
import type { Operations } from '../../scripts/src/vectors/operation.js'
import { judgeVectors, runVectors } from '../../scripts/src/vectors/run.js'

const folder = fileURLToPath(new URL('../vectors', import.meta.url))

describe('the vectors in test/vectors', () => {
  it('pass, verdicts and outputs', async () => {
    const judged = await judgeVectors(folder)
    expect(judged.length).toBeGreaterThanOrEqual(27)
    expect(judged.filter(({ judgement }) => judgement.result !== 'passed')).toEqual([])
  })

  it('name the reason we give', async () => {
    const judged = await judgeVectors(folder)
    const differing = judged.filter(({ judgement }) => {
      return judgement.result === 'passed' && judgement.reasonDiffers
    })
    expect(differing).toEqual([])
  })

  it('hold no private key', () => {
    for (const file of ['sd-jwt/own.json', 'did-key/own.json']) {
      expect(readFileSync(`${folder}/${file}`, 'utf8')).not.toContain('"d":')
    }
  })
})

describe('the judge of vectors', () => {
  const operations: Operations = {
    give: ({ input }) => input,
    refuse: () => {
      throw new CredentialError('bad_json', 'refused')
    },
    break: () => {
      throw new TypeError('a fault')
    },
    count: () => ({
      accepted: false,
      error: new CredentialError('bad_json', 'refused'),
      outputs: { status_fetches: 1 },
    }),
  }
  const result = async (op: string, input: JsonObject, expected: JsonObject) => {
    const vector = { id: 'x', op, input, context: {}, expect: expected }
    return (await judge(vector, operations, { left: 'out' })).result
  }

  it.each<[string, string, JsonObject, JsonObject, string]>([
    ['the right output', 'give', { a: [1] }, { verdict: 'accept', a: [1] }, 'passed'],
    ['another output', 'give', { a: [1] }, { verdict: 'accept', a: [2] }, 'failed'],
    ['a missing output', 'give', {}, { verdict: 'accept', a: 1 }, 'failed'],
    ['an acceptance for a refusal', 'give', {}, { verdict: 'reject' }, 'failed'],
    ['a refusal for an acceptance', 'refuse', {}, { verdict: 'accept' }, 'failed'],
    [
      'a refusal for another reason',
      'refuse',
      {},
      { verdict: 'reject', reason: 'kb_aud' },
      'passed',
    ],
    ['a fault for a refusal', 'break', {}, { verdict: 'reject' }, 'failed'],
    ['one fetch too many', 'count', {}, { verdict: 'reject', status_fetches: 0 }, 'failed'],
    ['an operation nobody wrote', 'unknown', {}, { verdict: 'reject' }, 'failed'],
    ['a prototype name as operation', 'constructor', {}, { verdict: 'reject' }, 'failed'],
    ['an operation that is left out', 'left', {}, { verdict: 'reject' }, 'skipped'],
  ])('judges %s', async (_name, ...[op, input, expected, verdict]) => {
    expect(await result(op, input, expected)).toBe(verdict)
  })

  it('lets a superset pass and nothing less', async () => {
    const input = { processed_payload: { a: 1, b: { c: 2, d: 3 } } }
    const superset = (value: JsonObject) => ({ verdict: 'accept', processed_superset_of: value })
    expect(await result('give', input, superset({ b: { c: 2 } }))).toBe('passed')
    expect(await result('give', input, superset({ b: { c: 3 } }))).toBe('failed')
    expect(await result('give', input, superset({ z: 1 }))).toBe('failed')
  })

  it('says so when there is no folder', async () => {
    const lines: string[] = []
    expect(await runVectors('/nowhere/at/all', (line) => lines.push(line))).toBe(0)
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 1 skipped')
  })
})
