/** What comes from Debian: a compiler for sqlite3, and for the tests a browser, fonts, PostgreSQL. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines, run, SetUpError } from './progress.js'
import { hasProgram } from './tools.js'

/**
 * @typedef {{ packages: string[], purposes: string[], why: string, isThere: () => boolean }} Need
 * @typedef {{ root: string, state: string, purpose: string,
 *   progress: import('./progress.js').Progress }} Context
 */

/** @type {readonly Need[]} */
const needs = [
  {
    packages: ['build-essential', 'python3'],
    purposes: ['start', 'test'],
    why: 'sqlite3 is compiled where no prebuilt binary fits',
    isThere: () => ['g++', 'make', 'python3'].every((name) => hasProgram(name)),
  },
  {
    packages: ['chromium'],
    purposes: ['test'],
    why: 'the tests that need a browser are skipped without it',
    isThere: () => existsSync('/usr/bin/chromium'),
  },
  {
    packages: ['fonts-noto-cjk'],
    purposes: ['test'],
    why: 'Chinese text in screenshots needs it',
    isThere: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
  },
  {
    packages: ['poppler-utils'],
    purposes: ['test'],
    why: 'the tests that look at printed sheets as pictures are skipped without it',
    isThere: () => hasProgram('pdftoppm'),
  },
  {
    packages: ['postgresql'],
    purposes: ['test'],
    why: 'the tests on PostgreSQL are skipped without it',
    isThere: () => postgresVersions().some((path) => existsSync(join(path, 'bin', 'initdb'))),
  },
]

function postgresVersions() {
  const folder = '/usr/lib/postgresql'
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version)) : []
}

/**
 * Nothing here is worth stopping for: sqlite3 may come prebuilt, and tests without their browser or
 * database server are skipped in sight. So whatever cannot be installed is named, and set-up goes on.
 *
 * @param {Context} context
 */
export function debianStep(context) {
  const missing = () =>
    needs.filter((need) => need.purposes.includes(context.purpose) && !need.isThere())
  const isAsked = () => missing().every((need) => wasRefused(context, need))
  return {
    isDone: () => isAsked(),
    async run() {
      const toInstall = missing().filter((need) => !wasRefused(context, need))
      if (toInstall.length > 0 && canInstall()) await install(context, toInstall)
      for (const need of missing()) remember(context, need)
    },
  }
}

function canInstall() {
  return process.getuid?.() === 0 && hasProgram('apt-get')
}

/**
 * @param {Context} context
 * @param {readonly Need[]} wanted
 */
async function install(context, wanted) {
  const packages = wanted.flatMap((need) => need.packages)
  await context.progress
    .step(`installing ${packages.join(', ')} from Debian`, async () => {
      await apt(context, ['update'])
      if (packages.includes('postgresql')) {
        await apt(context, [...installWords, 'postgresql-common'])
        forbidMainCluster()
      }
      await apt(context, [...installWords, ...packages])
    })
    .catch((error) => {
      if (!(error instanceof SetUpError)) throw error
      context.progress.note(`${error.message}\n  going on without`)
    })
}

const installWords = ['install', '--yes', '--no-install-recommends']

/**
 * @param {Context} context
 * @param {readonly string[]} words
 */
async function apt({ root, state }, words) {
  const log = join(state, 'apt-get.log')
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Options::=--force-confold', '-q']
  const env = { DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' }
  const { ok, output } = await run(['apt-get', ...options, ...words], { cwd: root, log, env })
  if (!ok)
    throw new SetUpError(`apt-get ${words[0]} failed:\n${lastLines(output)}`, 'read the lines')
}

/** The tests start clusters of their own: Debian's package must not leave a server running. */
function forbidMainCluster() {
  const file = '/etc/postgresql-common/createcluster.conf'
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const rest = text.replace(/^#?\s*create_main_cluster.*$/gm, '').trimEnd()
  writeFileSync(file, `${rest}\ncreate_main_cluster = false\n`)
}

/**
 * What could not be had is noted, so that the next run neither tries nor says it again: for an hour
 * where apt-get failed, for good where only somebody else can install it. Removing the state folder
 * (`.set-up`) asks anew.
 *
 * @param {Context} context
 * @param {Need} need
 */
function remember(context, need) {
  if (wasRefused(context, need)) return
  const names = need.packages.join(' ')
  context.progress.note(`missing: ${names} (${need.why})\n  to have it: apt-get install ${names}`)
  writeFileSync(refusal(context, need), '')
}

/** @param {Context} context @param {Need} need */
function wasRefused(context, need) {
  const file = refusal(context, need)
  if (!existsSync(file)) return false
  return !canInstall() || Date.now() - statSync(file).mtimeMs < 3_600_000
}

/** @param {Context} context @param {Need} need */
function refusal({ state }, { packages }) {
  return join(state, `without-${packages[0]}${canInstall() ? '-from-apt' : ''}`)
}
