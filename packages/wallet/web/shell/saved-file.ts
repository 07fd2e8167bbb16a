import { after } from '@netcert/page/clock'

/** So long the browser may take to read it. */
const READ_MILLISECONDS = 60_000

/** Hands a text to the browser as a file, which asks or puts it where its downloads are. */
export function saveFile(name: string, text: string, type = 'application/octet-stream'): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  after(READ_MILLISECONDS, () => URL.revokeObjectURL(address))
}

/** `2026-11-22` for the name of a file: the day of this device, as its calendar has it. */
export function fileDay(date: Date): string {
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((it) => `${it}`.padStart(2, '0'))
  return `${date.getFullYear()}-${month}-${day}`
}
