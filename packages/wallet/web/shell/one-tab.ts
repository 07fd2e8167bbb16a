/** Only one tab of a browser has the wallet open: two would use the same copy. */
const NAME = 'netcert-wallet'
/** Whether it is this one. */
let isHere = false

/**
 * Asks for the wallet; with `take`, from the tab that has it.
 *
 * @param onLost - Another tab took it.
 * @returns false where another tab has it
 */
export function askForWallet(options: {
  readonly take: boolean
  readonly onLost: () => void
}): Promise<boolean> {
  const { take, onLost } = options
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined || isHere) return Promise.resolve(true)
  return new Promise((resolve) => {
    const held = locks.request(NAME, take ? { steal: true } : { ifAvailable: true }, (lock) => {
      isHere = lock !== null
      resolve(isHere)
      // Held until the tab is closed or another one takes it.
      return lock === null ? undefined : new Promise<never>(() => undefined)
    })
    held.catch(() => {
      isHere = false
      onLost()
    })
  })
}
