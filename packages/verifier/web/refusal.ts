/** The code of an error of ours; `other` for anything else. Never its message: that is for engineers. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'other'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name === 'QuotaExceededError' ? 'storage_full' : 'other'
}

/** A file that is refused before anything looks into it. */
export class RefusedFile extends Error {
  readonly code: 'too_large' | 'lane_malformed'

  constructor(code: RefusedFile['code']) {
    super(code)
    this.name = 'RefusedFile'
    this.code = code
  }
}
