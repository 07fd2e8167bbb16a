/** Whether this window has it. */
let isHere = false

type Asking = {
  /** Of the page; what all its windows ask for. */
  readonly name: string
  /** From the window that has it. */
  readonly take: boolean
  /** Another window took it. */
  readonly onLost: () => void
}

/**
 * Asks to be the only window of a page that works: two would show two challenges, or use the same copy.
 *
 * @returns false where another window is
 */
export function askForWindow({ name, take, onLost }: Asking): Promise<boolean> {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined || isHere) return Promise.resolve(true)
  return new Promise((resolve) => {
    const held = locks.request(name, { steal: take, ifAvailable: !take }, (lock) => {
      isHere = lock !== null
      resolve(isHere)
      // Held until the window is closed or another one takes it.
      return lock === null ? undefined : new Promise<never>(() => {})
    })
    held.catch(() => {
      isHere = false
      onLost()
    })
  })
}
