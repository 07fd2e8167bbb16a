import type { JsonObject } from '@netcert/credential'
import type { Appearance, LockChoices } from '../lock/lock-records.js'

/** What of the page's own settings moves along. */
export type MovedSettings = {
  readonly appearance: Partial<Appearance>
  readonly lock: Partial<LockChoices>
}

/** Members as they stand in a file; docs/formats/moving.md. */
export function writeMovedSettings(appearance: Appearance, lock: LockChoices): JsonObject {
  return {
    language: appearance.language,
    look: appearance.look,
    lock_after_seconds: lock.lockAfterSeconds,
    wipe_after: lock.wipeAfter,
  }
}

const LOCK_AFTER = [60, 300, 900, 3600]
const WIPE_AFTER = [10, 20, 50]

/** Reads them back. What is none of the page's own choices is left: a file sets nothing else here. */
export function readMovedSettings(given: JsonObject): MovedSettings {
  const { language, look, lock_after_seconds: lockAfter, wipe_after: wipe } = given
  const isLanguage = language === null || language === 'zh-CN' || language === 'en'
  const isLook = look === null || look === 'light' || look === 'dark'
  const isLockAfter = typeof lockAfter === 'number' && LOCK_AFTER.includes(lockAfter)
  const isWipe = wipe === null || (typeof wipe === 'number' && WIPE_AFTER.includes(wipe))
  return {
    appearance: { ...(isLanguage ? { language } : {}), ...(isLook ? { look } : {}) },
    lock: {
      ...(isLockAfter ? { lockAfterSeconds: lockAfter } : {}),
      ...(isWipe ? { wipeAfter: wipe } : {}),
    },
  }
}
