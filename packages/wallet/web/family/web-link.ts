/** A link to a web page that may be opened: https, or http on this machine. */
export function webLinkOf(text: string): URL | null {
  const given = text.trim()
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) return null
  const url = new URL(given)
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || isHere ? url : null
}
