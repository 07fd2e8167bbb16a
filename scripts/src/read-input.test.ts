import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
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
    expect(performance.now() - started).toBeLessThan(10_000)
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

  const read = (text: string | Uint8Array, limitBytes = 4096) =>
    readInputJson({ path: file(`${randomUUID()}.json`, text), what: 'The file', limitBytes })

  it('reads a document whole, after a byte order mark, with CRLF and rare characters', async () => {
    const text = '\uFEFF{\r\n "given_name": "𬭎·𠮷",\r\n "escaped": "\\ud842\\udfb7"\r\n}\r\n'
    expect(await read(text)).toEqual({ given_name: '𬭎·𠮷', escaped: '𠮷' })
  })

  it.each([
    ['a member named twice', '{"name":"a","name":"b"}', 'duplicate_json_key'],
    [
      'a member named twice in another spelling',
      '{"name":"a","n\\u0061me":"b"}',
      'duplicate_json_key',
    ],
    ['half a character', '{"name":"\\ud842"}', 'json_character'],
    ['a nesting that is too deep', '['.repeat(40) + ']'.repeat(40), 'too_deep'],
    ['two documents', '{} {}', 'not_json'],
    ['a bare NUL', '{"name":"a\u0000b"}', 'not_json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not_utf8'],
    ['nothing', '', 'input_empty'],
  ])('refuses %s, and takes no half of it', async (_what, text, code) => {
    const failure: unknown = await read(text).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code, exit: 2 })
    const [finding] = (failure as CommandFailure).findings
    expect(finding?.reason['zh-CN']).toMatch(/\p{Script=Han}/u)
    expect(finding?.cure['zh-CN']).toMatch(/\p{Script=Han}/u)
  })

  it.each([
    ['{"document":{"type":"a","number":"b"},"x":[{"y":1},{"y":2}],"x":3}', 'x'],
    ['{"a":"\\"b\\":","document":{"number":"a","n\\u0075mber":"b"}}', 'document.number'],
    ['{\n "a": 1\n "b": 2\n}', '3:2'],
    ['{"a":"𠮷",}', '1:10'],
    ['{"a":', '1:6'],
  ])('names the member, or line and column, of %s', async (text, field) => {
    const failure: unknown = await read(text).catch((error: unknown) => error)
    expect((failure as CommandFailure).findings).toMatchObject([{ field }])
    expect(String(failure)).toContain(`(${field})`)
  })

  it('refuses a line of a hundred megabytes before it is read', async () => {
    const path = file('long.json', '')
    await truncate(path, 100 * 1024 * 1024)
    const before = process.memoryUsage().rss
    const options = { path, what: 'The file', limitBytes: 64 * 1024 }
    await expect(readInputJson(options)).rejects.toMatchObject({ code: 'file_too_large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024)
  })
})
