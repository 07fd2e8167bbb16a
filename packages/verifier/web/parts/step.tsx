import type { Kiosk } from '../kiosk.js'

/** What each step of setting up gets. */
export type StepProps = { readonly kiosk: Kiosk; readonly onDone: () => void }

/** Title of a step, and what it is for. */
export function StepHead({ title, lead }: { readonly title: string; readonly lead: string }) {
  return (
    <>
      <h2>{title}</h2>
      <p class="lead">{lead}</p>
    </>
  )
}
