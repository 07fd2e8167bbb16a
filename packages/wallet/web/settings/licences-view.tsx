import { Failed, Working } from '../design/states.js'
import { changed, type Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { Folded } from './folded.js'
import { readLicences } from './licences.js'

/** Whose software is in the wallet, each with its licence. */
export function Licences({ ground }: { readonly ground: Ground }) {
  const list = useLoaded(ground, readLicences)
  if (list.state === 'loading') return <Working />
  if (list.state === 'failed') {
    return <Failed error={list.error} onAgain={() => changed(ground)} />
  }
  return (
    <>
      {list.value.map(({ name, version, licence, text }) => (
        <Folded
          key={`${name} ${version}`}
          testId="licence"
          title={`${`${name} ${version}`.trim()} · ${licence}`}
        >
          {/* In the language in which it binds. */}
          <pre class="licence" lang="en">
            {text}
          </pre>
        </Folded>
      ))}
    </>
  )
}
