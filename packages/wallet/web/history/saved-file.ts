import { after } from '@netcert/page/clock'

/** So long the browser may take to read it. */
const READ_MILLISECONDS = 60_000

/** Hands a file to the browser, which asks or puts it where its downloads are. */
export function saveFile(file: {
  readonly name: string
  readonly type: string
  readonly text: string
}): void {
  const address = URL.createObjectURL(new Blob([file.text], { type: file.type }))
  const link = document.createElement('a')
  link.href = address
  link.download = file.name
  link.click()
  after(READ_MILLISECONDS, () => URL.revokeObjectURL(address))
}
