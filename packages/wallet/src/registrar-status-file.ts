/** The file of a registrar's status list in a published folder; null for another address. */
export function registrarStatusFile(uri: string): string | null {
  const found = /\/registrar\/status\/(\d{1,9})$/.exec(uri)
  return found === null ? null : `${found[1]}.jwt`
}
