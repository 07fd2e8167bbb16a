import { openLane } from '@netcert/verifier/gate'
import { useState } from 'preact/hooks'
import { makeLaneUsable } from '../lane/usable-lane.js'
import { Field } from '../parts/controls.js'
import { FileDrop } from '../parts/file-drop.js'
import { Form } from '../parts/form.js'
import { useWorking } from '../parts/working.js'
import { RefusedFile } from '../refusal.js'
import { StepHead, type StepProps } from '../parts/step.js'
import { texts } from '../texts/language.js'

/** Larger than any lane file. */
const MOST_BYTES = 256 * 1024

/** The lane file and its code. Only keys that nobody can read out again are kept of it. */
export function LaneStep({ kiosk, onDone }: StepProps) {
  const [file, setFile] = useState<File | null>(null)
  const [code, setCode] = useState('')
  const { busy, refused, run } = useWorking()
  const t = texts.value
  const submit = () =>
    run(async () => {
      if (file === null || file.size > MOST_BYTES) throw new RefusedFile('too_large')
      const settings = await openLane(await file.text(), code)
      await kiosk.keepLane(await makeLaneUsable(settings))
      onDone()
    })
  return (
    <Form
      testId="lane-open"
      word={busy ? t.opening : t.openLane}
      isReady={!busy && file !== null && code !== ''}
      onSubmit={submit}
      refused={refused}
    >
      <StepHead title={t.laneTitle} lead={t.laneLead} />
      <FileDrop
        testId="lane-file"
        label={t.laneFile}
        accept=".ncgate"
        {...(file === null ? {} : { chosen: file.name })}
        onFiles={([first]) => setFile(first ?? null)}
      />
      <Field
        testId="lane-code"
        label={t.setUpCode}
        hint={t.setUpCodeHint}
        value={code}
        onChange={setCode}
      />
    </Form>
  )
}
