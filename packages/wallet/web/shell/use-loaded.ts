import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Ground } from './ground.js'

/** What is being read, was read, or could not be. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown }

/** Reads something of the wallet, and again after each change. */
export function useLoaded<T>(
  ground: Pick<Ground, 'changes'>,
  read: () => Promise<T>,
  again: readonly unknown[] = [],
): Loaded<T> {
  const loaded = useSignal<Loaded<T>>({ state: 'loading' })
  const { value: count } = ground.changes
  useEffect(() => {
    let isWanted = true
    read().then(
      (value) => {
        if (isWanted) loaded.value = { state: 'there', value }
      },
      (error: unknown) => {
        if (isWanted) loaded.value = { state: 'failed', error }
      },
    )
    return () => {
      isWanted = false
    }
  }, [count, ...again])
  return loaded.value
}
