import { RETENTION_CLASSES, type RetentionClass } from './retention-classes.js'

/** Times by class as `netcert.json` names them, such as `{ "offers": "1d" }`. */
export type RetentionConfig = Readonly<Partial<Record<RetentionClass, string>>>

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Reads `45s`, `15m`, `24h`, `30d`; `undefined` for anything else. */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const [, count, unit = ''] = /^(0|[1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  const seconds = UNITS[unit]
  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds
}

/** The form {@link parseDuration} reads, in the largest unit that fits. */
export function formatDuration(seconds: number): string {
  const fitting = Object.entries(UNITS).filter(([, size]) => seconds % size === 0)
  const [unit = 's', size = 1] = fitting.at(seconds === 0 ? 0 : -1) ?? []
  return `${seconds / size}${unit}`
}

/** Names of the classes, in their order. */
export function retentionClasses(): readonly RetentionClass[] {
  return Object.keys(RETENTION_CLASSES) as RetentionClass[]
}

/** What is wrong with the `retention` member of a configuration, class by class. */
export function retentionFaults(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ['retention should be times by class']
  }
  return Object.entries(value).flatMap(([name, text]) => {
    const fault = classFault(name, text)
    return fault === undefined ? [] : [`retention.${name} ${fault}`]
  })
}

function classFault(name: string, text: unknown): string | undefined {
  const rule = retentionClasses().includes(name as RetentionClass)
    ? RETENTION_CLASSES[name as RetentionClass]
    : undefined
  if (rule === undefined) return 'is no class; netcert retention list shows them'
  const { time } = rule
  if (time.kind === 'fixed') return 'cannot be chosen: leave it out'
  if (time.kind === 'elsewhere') return `is said by ${time.member}: leave it out`
  const seconds = parseDuration(text)
  const bounds = `${formatDuration(time.least)} to ${formatDuration(time.most)}`
  if (seconds === undefined) return `should be a time such as 30d, ${bounds}`
  return seconds < time.least || seconds > time.most ? `should be ${bounds}` : undefined
}

/** How long a class is kept at an issuer with this configuration, in seconds. */
export function retentionSeconds(
  name: RetentionClass,
  config: { readonly retention: RetentionConfig; readonly cooldown_days: number },
): number {
  const { time } = RETENTION_CLASSES[name]
  if (time.kind === 'fixed') return time.seconds
  if (time.kind === 'elsewhere') return config.cooldown_days * 86_400
  return parseDuration(config.retention[name]) ?? time.usual
}
