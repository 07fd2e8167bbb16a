import type { WalletDevice } from './wallet-page-ground.js'

/** Lets renewals of the wallet be due, as some days of a closed page leave it. */
export function makeRefillsDue({ page }: Pick<WalletDevice, 'page'>): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('netcert-wallet')
        opening.addEventListener('error', () => reject(opening.error ?? new Error('not opened')))
        opening.addEventListener('success', () => {
          const database = opening.result
          const changing = database.transaction('records', 'readwrite')
          const records = changing.objectStore('records')
          const reading = records.getAll()
          reading.addEventListener('success', () => {
            for (const row of reading.result) {
              if (row.kind === 'grant')
                records.put({ ...row, due_at: Math.floor(Date.now() / 1000) - 3600 })
            }
          })
          changing.addEventListener('complete', () => {
            database.close()
            resolve()
          })
        })
      }),
  )
}

/** How many copies of certificates the wallet has kept, whether or not it is open. */
export function copiesKept({ page }: Pick<WalletDevice, 'page'>): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('netcert-wallet')
        opening.addEventListener('error', () => reject(opening.error ?? new Error('not opened')))
        opening.addEventListener('success', () => {
          const counting = opening.result.transaction('copies').objectStore('copies').count()
          counting.addEventListener('success', () => {
            opening.result.close()
            resolve(counting.result)
          })
        })
      }),
  )
}
