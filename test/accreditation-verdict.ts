import type { TrustedRegistrar } from '@netcert/credential'
import {
  type AccreditationStatusLists,
  ProtocolError,
  parseAccreditation,
  readAccreditationStatusList,
  verifyAccreditation,
  withAccreditationStatus,
} from '@netcert/protocol'
import { listedRegistrar } from './accreditation-tokens.js'
import { NOW } from './trust-ground.js'

export const registrars: readonly TrustedRegistrar[] = [listedRegistrar()]

export const protocolCode = (error: unknown): string =>
  error instanceof ProtocolError ? error.code : `fault: ${String(error)}`

export type Circumstances = {
  readonly lists?: readonly string[]
  readonly now?: Date
  readonly trusted?: readonly TrustedRegistrar[]
}

/** `good`, `unknown`, or the code of the refusal. */
export async function verdictOf(token: string, circumstances: Circumstances = {}): Promise<string> {
  const { lists = [], now = NOW, trusted = registrars } = circumstances
  let statusLists: AccreditationStatusLists = new Map()
  for (const list of lists) {
    const held = await readAccreditationStatusList(list, { registrars: trusted, now })
    statusLists = withAccreditationStatus(statusLists, held)
  }
  return verifyAccreditation(token, { registrars: trusted, statusLists, now }).then(
    ({ status }) => status,
    protocolCode,
  )
}

/** `read`, or the code of the refusal. */
export function readingOf(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    return protocolCode(error)
  }
}

/** The same of an accreditation. */
export const formOf = (token: string): string => readingOf(() => parseAccreditation(token))
