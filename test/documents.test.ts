import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readRepository, root } from './architecture/source-file.js'

const threats = readFileSync(join(root, 'docs', 'threats.md'), 'utf8')
const cells = threats.split('\n').flatMap((line) => line.match(/^\|.*\| (.+) \|$/)?.[1] ?? [])
const named = cells.flatMap((cell) => [...cell.matchAll(/`([\w./-]+)`(?: “([^”]+)”)?/g)])

/** `verifier/store` is packages/verifier/src/store.test.ts; what is in web/ or test/ is named in full. */
function fileOf(name: string): string {
  const [folder = '', ...rest] = name.split('/')
  const place = folder === 'scripts' ? folder : `packages/${folder}`
  const below = rest[0] === 'web' ? rest : ['src', ...rest]
  const path = folder === 'test' ? name : `${place}/${below.join('/')}`
  const long = `${path}.soak.test.ts`
  return existsSync(join(root, long)) ? long : `${path}.test.ts`
}

describe('docs/threats.md', () => {
  test('names tests', () => {
    expect(named.length).toBeGreaterThan(40)
  })

  test.each(named.map(([, name = '', title]) => ({ name, title })))(
    'names a test that is there: $name $title',
    ({ name, title }) => {
      const text = readFileSync(join(root, fileOf(name)), 'utf8')
      expect(text).toContain(title ?? 'test')
    },
  )
})

const pages = readRepository().filter(({ path }) => path.endsWith('.md'))
const links = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/\]\(((?![a-z]+:)[^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => ({
    path,
    to,
  })),
)

test.each(links)('$path links to $to, which is there', ({ path, to }) => {
  expect(existsSync(join(root, dirname(path), to))).toBe(true)
})
