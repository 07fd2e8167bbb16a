import type { ScreenProps } from '../shell/opened.js'
import { useLoaded } from '../shell/use-loaded.js'

/** The certificates of this wallet. */
export function HomeScreen({ ground }: ScreenProps) {
  const list = useLoaded(ground, () => ground.opened.wallet.list())
  if (list.state !== 'there') return <p>…</p>
  return (
    <ul data-testid="certificates">
      {list.value.map((certificate) => (
        <li key={certificate.id}>{certificate.vct}</li>
      ))}
    </ul>
  )
}
