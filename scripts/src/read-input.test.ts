import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CommandFailure } from './failure.js'
import { readInputJson, readInputText } from './read-input.js'

const dir = mkdtempSync(join(tmpdir(), 'netcert-read-'))
afterAll(() => rmSync(dir, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

async function refusal(path: string, limitBytes = 64): Promise<CommandFailure> {
  const started = performance.now()
  try {
    await readInputText({ path, what: 'The thing', limitBytes })
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    // Refused, never waited for: a pipe without a writer would wait for ever.
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(error.exit).toBe(2)
    return error
  }
  throw new Error(`${path} was read`)
}

describe('readInputText', () => {
  it('reads a file up to its bound and not a byte more', async () => {
    const options = { what: 'The thing', limitBytes: 64 }
    const exact = file('exact', 'x'.repeat(64))
    await expect(readInputText({ ...options, path: exact })).resolves.toBe('x'.repeat(64))
    expect((await refusal(file('longer', 'x'.repeat(65)))).code).toBe('file_too_large')
  })

  it('refuses folders, devices, pipes and links at once', async () => {
    mkdirSync(join(dir, 'folder'))
    execFileSync('mkfifo', [join(dir, 'pipe')])
    symlinkSync(file('target', 'secret'), join(dir, 'link'))
    expect((await refusal(join(dir, 'folder'))).code).toBe('not_a_file')
    expect((await refusal(join(dir, 'pipe'))).code).toBe('not_a_file')
    expect((await refusal(join(dir, 'link'))).code).toBe('not_a_file')
    expect((await refusal('/dev/zero')).code).toBe('not_a_file')
    expect((await refusal('/dev/null')).code).toBe('not_a_file')
  })

  it('counts files that say they are empty', async () => {
    expect((await refusal('/proc/self/maps')).code).toBe('file_too_large')
  })

  it('refuses what is missing, empty or no text', async () => {
    expect((await refusal(join(dir, 'nowhere'))).code).toBe('file_missing')
    expect((await refusal(join(dir, 'target', 'below'))).code).toBe('not_a_file')
    expect((await refusal(file('empty', ''))).code).toBe('input_empty')
    expect((await refusal(file('bytes', Uint8Array.of(0xff, 0xfe)))).code).toBe('not_utf8')
  })

  it('names the path and never the content', async () => {
    const failure = await refusal(file('\u001b[31mred', 'x'.repeat(65)))
    expect(failure.message).not.toContain('\u001b')
    expect(failure.message).not.toContain('xxx')
  })
})

describe('readInputJson', () => {
  it('refuses what is no JSON without repeating it', async () => {
    const path = file('broken.json', '{"name":"王小明"')
    const failure = await readInputJson({ path, what: 'The query', limitBytes: 64 }).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'not_json', exit: 2 })
    expect(String(failure)).not.toContain('王小明')
  })
})
