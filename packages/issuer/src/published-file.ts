/** A file that may be served: its path in the published folder, and how it is sent. */
export type PublishedFile = {
  readonly path: string
  readonly type: string
  readonly maxAgeSeconds: number
  /** Whether it is a page that loads scripts and styles beside it. */
  readonly isPage: boolean
}

/** A revocation must not wait behind caches; lists are refreshed every few minutes at most. */
const LIST_MAX_AGE_SECONDS = 300
const TYPE_MAX_AGE_SECONDS = 86_400

const JSON_TYPE = 'application/json'

/** Files by their own names. */
const NAMED: ReadonlyMap<string, readonly [file: string, type: string]> = new Map([
  ['/trust-list.jwt', ['trust-list.jwt', 'application/netcert-trust-list+jwt']],
  ['/packs/latest.ncpack', ['packs/latest.ncpack', 'application/netcert-pack']],
  ['/statistics.json', ['statistics.json', JSON_TYPE]],
  ['/register/', ['register/index.html', 'text/html; charset=utf-8']],
  ['/register/index.html', ['register/index.html', 'text/html; charset=utf-8']],
  ['/register/register.css', ['register/register.css', 'text/css; charset=utf-8']],
  ['/register/register.js', ['register/register.js', 'text/javascript; charset=utf-8']],
  ['/register/register-texts.js', ['register/register-texts.js', 'text/javascript; charset=utf-8']],
  ['/register/register-data.js', ['register/register-data.js', 'text/javascript; charset=utf-8']],
  ['/register/register.json', ['register/register.json', JSON_TYPE]],
])

/** Families of files; the first group is the name. */
const FAMILIES: readonly (readonly [
  path: RegExp,
  file: (name: string) => string,
  type: string,
  maxAgeSeconds: number,
])[] = [
  [
    /^\/status\/([1-9]\d{0,8})(?:\.jwt)?$/,
    (list) => `status/${list}.jwt`,
    'application/statuslist+jwt',
    LIST_MAX_AGE_SECONDS,
  ],
  [
    /^\/registrar\/status\/([1-9]\d{0,8})(?:\.jwt)?$/,
    (list) => `registrar/status/${list}.jwt`,
    'application/statuslist+jwt',
    LIST_MAX_AGE_SECONDS,
  ],
  [
    /^\/register\/platforms\/([\w-]{43})\.json$/,
    (name) => `register/platforms/${name}.json`,
    JSON_TYPE,
    LIST_MAX_AGE_SECONDS,
  ],
  [
    /^\/types\/([a-z-]{1,64})\.json$/,
    (name) => `types/${name}.json`,
    JSON_TYPE,
    TYPE_MAX_AGE_SECONDS,
  ],
]

/** The closed list of what is served. The paths are ours; a request only picks one. */
export function publishedFile(path: string): PublishedFile | undefined {
  const named = NAMED.get(path)
  if (named !== undefined) {
    const [file, type] = named
    const isPage = type.startsWith('text/html')
    return { path: file, type, maxAgeSeconds: LIST_MAX_AGE_SECONDS, isPage }
  }
  for (const [pattern, file, type, maxAgeSeconds] of FAMILIES) {
    const name = pattern.exec(path)?.[1]
    if (name !== undefined) return { path: file(name), type, maxAgeSeconds, isPage: false }
  }
  return undefined
}
