import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readRepository, root } from '../../../../test/architecture/source-file.js'
import { ROLE_TABLE } from './role-table.js'

const SOURCES = 'packages/issuer/src/'

/** `file role` of every place that asks for one; `two` behind it where it asks for two. */
function asked(): Set<string> {
  const found = new Set<string>()
  for (const { path, text } of readRepository()) {
    if (!path.startsWith(SOURCES) || path.endsWith('.test.ts')) continue
    for (const [, two, role] of text.matchAll(/ccess\.require(Two)?\('(\w+)'\)/g)) {
      const file = path.slice(SOURCES.length, -'.ts'.length)
      found.add(`${file} ${role}${two === undefined ? '' : ' two'}`)
    }
  }
  return found
}

it('is what the sources ask for, no more and no less', () => {
  const rows = ROLE_TABLE.map(({ file, role, two }) => `${file} ${role}${two ? ' two' : ''}`)
  expect([...new Set(rows)].sort()).toEqual([...asked()].sort())
})

it('stands in docs/operations.md', () => {
  const page = readFileSync(join(root, 'docs/operations.md'), 'utf8')
  for (const { commands, role, two } of ROLE_TABLE) {
    // Other tables of the page have rows of the same name.
    const rows = page.split('\n').filter((line) => line.startsWith(`| \`${role}\``))
    const isTheirs = (row: string) => commands.every((command) => row.includes(`\`${command}\``))
    expect(rows.some(isTheirs)).toBe(true)
    if (two) expect(page).toMatch(new RegExp(`two operators.*\`${commands[0]}\``))
  }
})
