/** Only one window of a device checks passes: two would show two challenges and count twice. */
const NAME = 'netcert-gate'

/** What became of asking for the device. */
export type Turn = 'mine' | 'elsewhere'

/**
 * Asks for the device; with `take`, from the window that has it.
 *
 * @param options - `onTaken`: called when another window takes it.
 */
export function askForDevice(options: {
  readonly take: boolean
  readonly onTaken: () => void
}): Promise<Turn> {
  const { take, onTaken } = options
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return Promise.resolve('mine')
  return new Promise((resolve) => {
    const settings = take ? { steal: true } : { ifAvailable: true }
    const held = locks.request(NAME, settings, (lock) => {
      resolve(lock === null ? 'elsewhere' : 'mine')
      // Held until the window is closed or another one takes it.
      return lock === null ? undefined : new Promise<never>(() => undefined)
    })
    held.catch(onTaken)
  })
}
