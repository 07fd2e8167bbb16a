import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { judgeVectors } from '../../scripts/src/vectors/run.js'

const beside = fileURLToPath(new URL('../../../shared/vectors', import.meta.url))
const folder = process.env['NETCERT_VECTORS'] ? resolve(process.env['NETCERT_VECTORS']) : beside

describe.skipIf(!existsSync(folder))('the vectors beside the repository', async () => {
  const judged = existsSync(folder) ? await judgeVectors(folder) : []
  const files = [...new Set(judged.map(({ family, file }) => `${family}/${file}`))]

  it.each(files)('%s: every verdict and every output is right', (name) => {
    const failures = judged
      .filter(({ family, file }) => `${family}/${file}` === name)
      .flatMap(({ id, judgement }) => (judgement.result === 'failed' ? [[id, judgement.why]] : []))
    expect(failures).toEqual([])
  })
})
