import { codeOf, importsOf, type SourceFile, targetOf } from './source-file.js'

/** A package that only certain files of a folder may import, by the end of their path. */
type Guarded = readonly [name: string, file: RegExp]
type Row = { readonly folder: string; readonly may: readonly (string | Guarded)[] }

const store = /(^|[/-])store\.ts$/
const open = /[/-]open\.ts$/
const http = /[/-]http\.ts$/
const role: Row['may'] = [
  '@netcert/credential',
  '@netcert/protocol',
  'node:',
  'zod',
  ['express', http],
  ['kysely', store],
  ['@netcert/agent', open],
]
const page: Row['may'] = [
  '@netcert/page',
  '@netcert/credential',
  '@netcert/protocol',
  '@noble/',
  'preact',
  '@preact/',
  'idb',
]

/** The import table of docs/architecture.md. Tests beside the source are bound by its last column only. */
const table: readonly Row[] = [
  {
    folder: 'packages/page/web/',
    may: [
      'preact',
      '@preact/',
      ['zxing-wasm', /\/scanner-worker\.ts$/],
      ['qrcode', /\/qr-path\.ts$/],
    ],
  },
  {
    folder: 'packages/wallet/web/',
    may: [...page, '@netcert/wallet/rules', '@netcert/schemas/regions'],
  },
  {
    folder: 'packages/verifier/web/',
    may: [...page, '@netcert/verifier/gate', '@netcert/verifier/offline-pack'],
  },
  {
    folder: 'packages/credential/',
    may: [
      '@netcert/credential',
      '@netcert/schemas',
      '@noble/',
      ['@sd-jwt/core', /\/holder\.ts$/],
      ['did-resolver', /\/did-key\.ts$/],
      ['fflate', /\/crypto\/web-zlib\.ts$/],
      ['node:', /\/crypto\/node\.ts$/],
    ],
  },
  {
    folder: 'packages/protocol/',
    may: [
      '@netcert/credential',
      'zod',
      'jose',
      'fflate',
      ['@peculiar/x509', /\/x509-[a-z-]+\.ts$/],
      ['reflect-metadata', /\/x509-library\.ts$/],
      ['node:', /\/guarded-fetch\.ts$/],
    ],
  },
  {
    folder: 'packages/agent/',
    may: ['@netcert/credential', '@veramo/', 'did-resolver', 'kysely', 'sqlite3', 'pg', 'node:'],
  },
  {
    folder: 'packages/issuer/',
    may: [
      ...role,
      'csv-parse',
      'jose',
      ['@peculiar/', /\/chip\//],
      ['mrz', /\/chip\//],
      ['age-encryption', /\/backup\//],
      ['prom-client', /metrics\.ts$/],
      ['express-rate-limit', http],
      ['helmet', http],
      ['oidc-provider', /\/authorization-server\.ts$/],
    ],
  },
  {
    folder: 'packages/wallet/',
    may: [...role, 'oauth4webapi', ['pdfkit', /\/sheet\//], ['qrcode', /\/sheet\//]],
  },
  {
    folder: 'packages/verifier/',
    may: [...role, ['helmet', http], ['express-rate-limit', http], ['qrcode', /\/qr-code\.ts$/]],
  },
  { folder: 'schemas/', may: [] },
]

const roles = ['issuer', 'wallet', 'verifier']
const isCode = (path: string) => /\.[jt]sx?$/.test(path)
const isTest = (path: string) => /\.(test|bench)\.ts$/.test(path)
const isConfig = (path: string) => /vitest(\.\w+)?\.config\.ts$|test-reporter\.js$/.test(path)

const matches = (name: string, allowed: string) =>
  name === allowed || name.startsWith(/[:/]$/.test(allowed) ? allowed : `${allowed}/`)

/** Which imports stand where they must not. */
export function importBreaches({ path, text }: SourceFile): string[] {
  const row = table.find(({ folder }) => path.startsWith(folder))
  if (row === undefined || !isCode(path)) return []
  return importsOf(codeOf(text))
    .filter(({ name, isTypeOnly }) => !mayStand(row, path, name, isTypeOnly))
    .map(({ name }) => `${path}: may not import ${name}`)
}

function mayStand(row: Row, path: string, name: string, isTypeOnly: boolean): boolean {
  if (name.startsWith('.')) {
    const target = targetOf(path, name)
    return target.startsWith(row.folder) || (isTest(path) && target.startsWith('test/'))
  }
  if (isTest(path)) return !isOtherRole(path, name)
  return row.may.some((entry) => {
    if (typeof entry === 'string') return matches(name, entry)
    // A type is gone after the compiler: it ties no folder to what the guarded package does.
    return matches(name, entry[0]) && (entry[1].test(path) || isTypeOnly)
  })
}

function isOtherRole(path: string, name: string): boolean {
  return roles.some((it) => matches(name, `@netcert/${it}`) && !path.startsWith(`packages/${it}/`))
}

const impure: readonly (readonly [string, RegExp])[] = [
  ['a node: module', /['"]node:/],
  ['fetch', /(?<![\w$#])fetch\s*\(/],
  ['a clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/],
  ['the environment', /(?<![\w$./-])process\s*[.[]|\bimport\.meta\.env\b/],
  ['unseeded chance', /\bMath\.random\b/],
]

/** What pure code names although it must be given it. */
export function purityBreaches({ path, text }: SourceFile): string[] {
  const code = codeOf(text)
  return impure.filter(([, sign]) => sign.test(code)).map(([what]) => `${path}: names ${what}`)
}

type Form = readonly [what: string, is: (file: SourceFile) => boolean]

const forms: readonly Form[] = [
  ['longer than 250 lines', ({ path, text }) => isCode(path) && lines(text) > 250],
  ['named for its kind, not its promise', ({ path }) => vague.test(path)],
  ['index.ts below the package root', ({ path }) => deepIndex.test(path)],
  ['export *', ({ path, text }) => isCode(path) && /^export\s+\*/m.test(codeOf(text))],
  ['default export', (file) => !isConfig(file.path) && hasDefaultExport(file)],
  ['fetch outside guarded-fetch.ts', callsFetch],
  ['names the place it was written in', ({ text }) => birthplace.test(text)],
]

const vague = /(^|\/)(utils?|helpers?|common|shared|types?)(\.[^/]*)?(\/|$)/
const deepIndex = /^(packages|scripts)\/(?!\w+\/src\/index\.ts$)(.*\/)?index\.[jt]sx?$/
// In two pieces, or this file would name it too.
const birthplace = new RegExp(['/wo', 'rk/|\\.libr', 'ary\\b'].join(''))

const lines = (text: string) => text.trimEnd().split('\n').length

function hasDefaultExport({ path, text }: SourceFile): boolean {
  return isCode(path) && /^export\s+(default\b|\{[^}]*\bas default\b)/m.test(codeOf(text))
}

/** A page asks its own origin alone: for the newest pack, and for its own files. */
const mayFetch = /\/guarded-fetch\.ts$|^packages\/\w+\/web\/(own-origin|service-worker)\.ts$/

function callsFetch({ path, text }: SourceFile): boolean {
  if (!/^packages\/.*\.tsx?$/.test(path) || isTest(path) || mayFetch.test(path)) return false
  return /(?<![\w$#.])fetch\s*\(|\bglobalThis\.fetch\b/.test(codeOf(text))
}

/** What is wrong with a file by itself, wherever it is imported. */
export function formBreaches(file: SourceFile): string[] {
  return forms.filter(([, is]) => is(file)).map(([what]) => `${file.path}: ${what}`)
}
