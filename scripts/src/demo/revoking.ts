import { styled } from '../screen.js'
import { atIssuer, type People, type Person, type Place, publishFiles } from './issuing.js'
import { ageOver18, askWallet, openPlatform, platformTrust, TICKETS } from './platform.js'
import { refusalOf, type Story } from './story.js'

/** Step: a certificate is revoked; the next lists refuse it and nobody else. */
export function revokeAndRefuse(story: Story, place: Place, people: People): Promise<void> {
  return story.step('A certificate is revoked', async (tell) => {
    const [, second, third] = people
    await presentPlatformCopy(place, second)
    tell.say('The second citizen shows the platform copy: it is accepted. Then the phone is lost.')
    await atIssuer(place, (issuer) =>
      issuer.certificates.setStatus({
        target: { batch: second.platformBatch },
        status: 'revoked',
        reason: 'device_lost',
      }),
    )
    await publishFiles(place)
    tell.say('The issuer sets one bit and publishes; the platform copies the new list.')
    const code = await refusalOf('status_invalid', () => presentPlatformCopy(place, second))
    tell.refused('the revoked copy is shown again', code)
    await presentPlatformCopy(place, third)
    tell.fact('others', styled('green', 'untouched'), ': the third citizen is accepted as before')
  })
}

/** Presents a platform copy to a platform that has just copied the lists. */
async function presentPlatformCopy(place: Place, { walletDir }: Person): Promise<void> {
  const trust = await platformTrust(place)
  const platform = openPlatform(() => trust, place.clock)
  const { id, nonce } = await platform.createSession({ query: ageOver18 })
  const { clock } = place
  const audience = TICKETS
  const answer = await askWallet({ walletDir, clock, nonce, kind: 'platform', audience })
  await platform.verify({ session: id, presentation: answer.presentation })
}
