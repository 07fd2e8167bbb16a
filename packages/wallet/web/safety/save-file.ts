/** Hands a text to whoever sits there, as a file of their browser's downloads. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by then; the text does not stay in memory.
  queueMicrotask(() => URL.revokeObjectURL(url))
}

/** `2026-11-22`, for the name of a file. */
export function fileDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}
