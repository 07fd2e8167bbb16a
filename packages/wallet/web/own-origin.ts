/** A file of the page's own origin, as text. @throws TypeError when it is not to be had */
export async function readOwnFile(path: string): Promise<string> {
  const response = await fetch(path, { credentials: 'omit', redirect: 'error' })
  if (!response.ok) throw new TypeError(`${path} is not to be had`)
  return response.text()
}
