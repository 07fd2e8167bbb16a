import { keepAwake } from '@netcert/page/awake'
import { qrPath } from '@netcert/page/qr-path'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Button } from '../design/controls.js'
import { changed, type Ground } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { numberWord, secondWord } from '../texts/spoken-times.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage } from '../texts/language.js'
import type { KeptCode } from './kept-code.js'
import { useSecondsLeft } from './seconds-left.js'
import { sharpSide } from './sharp-side.js'

type Props = {
  readonly ground: Ground
  readonly code: KeptCode
  readonly isAgain: boolean
  readonly onClose: () => void
}

/**
 * The code over the whole screen, on white whatever the look of the page: a camera reads the difference.
 * The screen stays on while it is there.
 */
export function GateCode({ ground, code, isAgain, onClose }: Props) {
  const text = inLanguage(gateTexts)
  const dialog = useRef<HTMLDialogElement>(null)
  const seconds = useSecondsLeft(ground.clock, code.goodUntil) ?? 0
  useEffect(() => {
    dialog.current?.showModal()
    changed(ground)
    return keepAwake()
  }, [code])
  const isOver = seconds === 0
  return (
    <dialog
      ref={dialog}
      class="gate-code"
      data-testid="gate-code"
      data-state={isOver ? 'over' : 'good'}
      aria-labelledby="gate-code-title"
      onCancel={onClose}
    >
      <h1 id="gate-code-title">{text.codeFor(code.venue)}</h1>
      {isOver ? <Over code={code} onClose={onClose} /> : <Shown code={code} isAgain={isAgain} />}
      {isOver ? null : (
        <p class="gate-good" role="timer" data-testid="good-for" data-seconds={seconds}>
          {text.good(numberWord(seconds), secondWord(code.goodUntil))}
        </p>
      )}
      <div class="gate-code-actions">
        <Button testId="code-done" look={isOver ? 'plain' : 'main'} onPress={onClose}>
          {isOver ? text.close : text.done}
        </Button>
      </div>
    </dialog>
  )
}

function Shown({ code, isAgain }: Pick<Props, 'code' | 'isAgain'>) {
  const text = inLanguage(gateTexts)
  const { path, size } = useMemo(() => qrPath(code.text), [code])
  const place = useRef<HTMLDivElement>(null)
  const side = useSignal(0)
  useEffect(() => {
    const { current } = place
    if (current === null) return
    const fit = () => {
      const room = Math.min(current.clientWidth, current.clientHeight)
      side.value = sharpSide(room, size, devicePixelRatio)
    }
    fit()
    const watch = new ResizeObserver(fit)
    watch.observe(current)
    return () => watch.disconnect()
  }, [size])
  return (
    <>
      <p class="gate-aim">{isAgain ? text.again : text.aim}</p>
      <div class="gate-square" ref={place}>
        <svg
          width={side.value}
          height={side.value}
          viewBox={`0 0 ${size} ${size}`}
          role="img"
          aria-label={text.codeFor(code.venue)}
          data-testid="answer-code"
          data-text={code.text}
        >
          <path d={path} shape-rendering="crispEdges" />
        </svg>
      </div>
    </>
  )
}

function Over({ code, onClose }: Pick<Props, 'code' | 'onClose'>) {
  const text = inLanguage(gateTexts)
  const again = () => {
    onClose()
    go('scan')
  }
  return (
    <div class="gate-over" role="alert" data-testid="code-over">
      <h2>{text.over}</h2>
      <p>{code.usesUp ? text.overLead : text.overLeadCopy}</p>
      <Button testId="scan-again" look="main" icon="scan" onPress={again}>
        {text.scanAgain}
      </Button>
    </div>
  )
}
