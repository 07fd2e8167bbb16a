import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/e2e/netcert-process.js'
import { root } from '../../test/architecture/source-file.js'

const folder = temporaryFolder()
afterAll(() => folder.remove())

/** Runs the command where no file gets longer than so many blocks of 512 bytes, as on a full disk. */
function runWith(blocks: number, words: readonly string[]) {
  const limited = ['-c', `ulimit -f ${blocks} && exec "$0" "$@"`, process.execPath]
  return spawnSync('sh', [...limited, `${root}/scripts/netcert.js`, ...words], { encoding: 'utf8' })
}

describe('a new file of the command', () => {
  const sample = (out: string) => ['citizens', 'sample', '--count', '100', '--out', out, '--json']

  it('is not there when the disk takes only a part of it', () => {
    const run = runWith(8, sample(folder.at('cut.csv')))
    expect(run.status).not.toBe(0)
    expect(readdirSync(folder.path)).toEqual([])
  })

  it('is whole where the disk takes it', () => {
    const run = runWith(1_000, sample(folder.at('whole.csv')))
    expect(run.status).toBe(0)
    expect(readFileSync(folder.at('whole.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(101)
  })
})
