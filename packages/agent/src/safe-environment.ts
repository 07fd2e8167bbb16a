import { AgentError } from './errors.js'

/** What Veramo's packages call themselves in the `debug` package. */
const NAMESPACE = 'veramo:'

/**
 * Refuses to go on while the `DEBUG` variable would make Veramo print: it prints private keys and
 * whole tokens.
 *
 * @throws AgentError `debug_refused`.
 */
export function assertSafeEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  const patterns = (env['DEBUG'] ?? '').split(/[\s,]+/).filter((pattern) => pattern !== '')
  const silenced = patterns.some((pattern) => ['-*', '-veramo*', '-veramo:*'].includes(pattern))
  const printing = patterns.find((pattern) => !pattern.startsWith('-') && mayMatch(pattern))
  if (printing === undefined || silenced) return
  throw new AgentError(
    'debug_refused',
    'the DEBUG variable makes Veramo print private keys; unset it, or leave out veramo and *',
  )
}

/** Up to its first star a pattern and the namespace must agree. */
function mayMatch(pattern: string): boolean {
  const [literal = ''] = pattern.split('*')
  return literal.startsWith(NAMESPACE) || NAMESPACE.startsWith(literal)
}
