import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject, JsonValue } from '@netcert/credential'
import { engineOperations, leftOutOperations } from './engine-operations.js'
import { type Judgement, judge } from './judge.js'
import { asObject, listOf, objectOf, textOf, type Vector } from './operation.js'
import { judgeInstances } from './schema-instances.js'
import { trustOperations } from './trust-operations.js'

/** One judged vector. */
export type Judged = {
  readonly family: string
  readonly file: string
  readonly id: string
  readonly judgement: Judgement
}

const families = ['did-key', 'jws', 'sd-jwt', 'sd-jwt-vc', 'status-list', 'schemas'] as const
const operations = { ...engineOperations, ...trustOperations }

/** Judges every vector of a folder. Nothing is fetched: a vector brings all it needs. */
export async function judgeVectors(folder: string): Promise<readonly Judged[]> {
  const judged: Judged[] = []
  for (const family of families) {
    for (const file of vectorFiles(join(folder, family))) {
      const content = asObject(
        JSON.parse(readFileSync(join(folder, family, file), 'utf8')) as JsonValue,
      )
      for (const { id, judgement } of await judgeFile(join(folder, family), content)) {
        judged.push({ family, file, id, judgement })
      }
    }
  }
  return judged
}

/**
 * `npm run vectors`: prints each failing and each skipped vector and the sum.
 *
 * @returns The exit code: 1 when a vector fails.
 */
export async function runVectors(folder: string, print: (line: string) => void): Promise<0 | 1> {
  if (!existsSync(folder)) {
    print(`no vectors at ${folder}: set NETCERT_VECTORS to a folder of vectors`)
    print('0 passed, 0 failed, 1 skipped')
    return 0
  }
  const judged = await judgeVectors(folder)
  const count = { passed: 0, failed: 0, skipped: 0, reasons: 0 }
  for (const { family, id, judgement } of judged) {
    count[judgement.result] += 1
    if (judgement.result === 'passed') count.reasons += judgement.reasonDiffers ? 1 : 0
    else print(`${judgement.result} ${family}/${id}: ${judgement.why}`)
  }
  print(`${count.reasons} refusals gave another reason class than the vector names (not judged)`)
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
  print(`${count.passed} passed, ${count.failed} failed${skipped}`)
  return count.failed > 0 ? 1 : 0
}

async function judgeFile(
  folder: string,
  file: JsonObject,
): Promise<readonly { readonly id: string; readonly judgement: Judgement }[]> {
  if (file['instances'] !== undefined) return judgeInstances(folder, file)
  const judged: { id: string; judgement: Judgement }[] = []
  for (const entry of listOf(file, 'vectors')) {
    const vector = vectorOf(asObject(entry))
    judged.push({ id: vector.id, judgement: await judge(vector, operations, leftOutOperations) })
  }
  return judged
}

function vectorOf(entry: JsonObject): Vector {
  return {
    id: textOf(entry, 'id'),
    op: textOf(entry, 'op'),
    input: objectOf(entry, 'input'),
    context: objectOf(entry, 'context'),
    expect: objectOf(entry, 'expect'),
  }
}

/** `index.json` is information about the others; schemas are data for the instances. */
function vectorFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'index.json')
    .filter((name) => !name.endsWith('.schema.json') && !name.startsWith('upstream-'))
    .toSorted()
}
