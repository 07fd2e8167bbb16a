import { startScannerWorker } from '../own-scripts.js'
import type { ReadAnswer, ReadOrder } from './read-messages.js'

/** Reads codes, one picture after another. */
export type Scanner = {
  /** The text of the code in a frame; null when there is none. The frame is used up. */
  readFrame(frame: ImageBitmap): Promise<string | null>
  /** @throws TypeError when the file is no picture */
  readPicture(picture: Blob): Promise<string | null>
  close(): void
}

type Waiting = { resolve(text: string | null): void; reject(error: Error): void }

/** Starts the worker, which loads its WebAssembly at once. */
export function openScanner(): Scanner {
  const worker = startScannerWorker()
  const waiting = new Map<number, Waiting>()
  let orders = 0
  worker.addEventListener('message', ({ data }: MessageEvent<ReadAnswer>) => {
    const one = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.failed === true) one?.reject(new TypeError('the picture cannot be read'))
    else one?.resolve(data.text)
  })
  worker.addEventListener('error', () => {
    for (const one of waiting.values()) one.reject(new TypeError('the scanner did not start'))
    waiting.clear()
  })
  const ask = (make: (id: number) => ReadOrder, transfer: Transferable[]) =>
    new Promise<string | null>((resolve, reject) => {
      orders += 1
      waiting.set(orders, { resolve, reject })
      worker.postMessage(make(orders), transfer)
    })
  return {
    readFrame: (frame) => ask((id) => ({ id, what: 'frame', frame }), [frame]),
    readPicture: (picture) => ask((id) => ({ id, what: 'picture', picture }), []),
    close: () => worker.terminate(),
  }
}
