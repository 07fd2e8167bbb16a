import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { Button } from './controls.js'
import type { IconName } from './icon.js'

/**
 * Something to be settled before anything else: over the page, from below on a phone. The browser keeps the
 * focus inside and takes Escape as no.
 */
export function Sheet(props: {
  readonly testId: string
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  const { onClose } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  // What ends it comes before the browser loses it: a passive effect would be too late.
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // Closed, not only taken away: then the browser gives the focus back to what opened it.
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={title}
      data-testid={props.testId}
      onClose={onClose}
      onClick={(event) => {
        // The veil belongs to the dialog; what is in it does not reach this far.
        if (event.target === dialog.current) dialog.current?.close()
      }}
    >
      <h2 id={title}>{props.title}</h2>
      {props.children}
    </dialog>
  )
}

type SureProps = {
  readonly testId: string
  readonly title: string
  /** What will be gone, and what will not. */
  readonly lead: ComponentChildren
  readonly yes: string
  readonly no: string
  readonly onYes: () => void
}

/** A button that asks whether somebody is sure: what it does cannot be undone. */
export function SureButton(
  props: SureProps & {
    readonly icon?: IconName
    /** On the button. */
    readonly label: string
  },
) {
  const { testId, icon } = props
  const isAsking = useSignal(false)
  return (
    <>
      <Button
        testId={testId}
        look="grave"
        {...(icon === undefined ? {} : { icon })}
        onPress={() => (isAsking.value = true)}
      >
        {props.label}
      </Button>
      {isAsking.value ? <Sure {...props} onClose={() => (isAsking.value = false)} /> : null}
    </>
  )
}

function Sure(props: SureProps & { readonly onClose: () => void }) {
  const { testId, onClose, onYes } = props
  return (
    <Sheet testId={`${testId}-sheet`} title={props.title} onClose={onClose}>
      <p class="lead">{props.lead}</p>
      <div class="actions">
        <Button testId={`${testId}-no`} onPress={onClose}>
          {props.no}
        </Button>
        <Button
          testId={`${testId}-yes`}
          look="main grave"
          settles
          onPress={() => {
            onClose()
            onYes()
          }}
        >
          {props.yes}
        </Button>
      </div>
    </Sheet>
  )
}
