import { readFileSync } from 'node:fs'

/**
 * A library is only measured after it has shown, on the very function that is measured, that it
 * accepts a good presentation and refuses a wrong nonce and a broken signature of either party.
 * Gives undefined, or what it got wrong.
 */
export async function proveContender(contender, file) {
  if (!contender.offers.includes('ask')) return undefined
  const sample = contender.offers.includes('sample')
    ? await contender.call('sample')
    : JSON.parse(readFileSync(file, 'utf8')).presentations[0]
  try {
    await contender.call('ask', sample)
  } catch (error) {
    return `refuses a good presentation: ${error.message}`
  }
  const jwtEnd = sample.includes('~') ? sample.indexOf('~') : sample.length
  const bad = {
    'a wrong nonce': [sample, 'another nonce'],
    'a broken key binding': [breakAt(sample, sample.length - 20)],
    'a broken issuer signature': [breakAt(sample, jwtEnd - 20)],
  }
  for (const [what, given] of Object.entries(bad)) {
    const refused = await contender.call('ask', ...given).then(
      () => false,
      () => true,
    )
    if (!refused) return `accepts ${what}`
  }
  return undefined
}

const breakAt = (text, at) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
