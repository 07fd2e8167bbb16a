import { describe, expect, it } from 'vitest'
import { createWedge } from './wedge.js'

function wedge() {
  const codes: string[] = []
  let swallowed = 0
  const made = createWedge({
    onCode: (text) => void codes.push(text),
    onInputMethod: () => void (swallowed += 1),
  })
  let at = 0
  const type = (text: string, every = 5) => {
    for (const key of text) made.press(key, (at += every))
  }
  const press = (key: string, later = 5) => made.press(key, (at += later))
  return { codes, type, press, swallowed: () => swallowed }
}

describe('a scanner that types', () => {
  it('gives what it typed at Enter, whole, with its blanks', () => {
    const { codes, type, press } = wedge()
    type('NC1:AB 12$%*+-./:Z')
    press('Enter')
    expect(codes).toEqual(['NC1:AB 12$%*+-./:Z'])
  })

  it('may end a code with Tab, and type in small letters when Caps Lock is on', () => {
    const { codes, type, press } = wedge()
    type('nc1:abcdef')
    press('Tab')
    expect(codes).toEqual(['NC1:ABCDEF'])
  })

  it('may be slow once it has begun like an answer', () => {
    const { codes, type, press } = wedge()
    type('NC1:')
    type('ABCDEFGH', 900)
    press('Enter', 900)
    expect(codes).toEqual(['NC1:ABCDEFGH'])
  })

  it('is not taken for a person at the keyboard, who is slow', () => {
    const { codes, type, press } = wedge()
    type('hello there', 700)
    press('Enter', 700)
    expect(codes).toEqual([])
  })

  it('forgets an answer that broke off before the next one begins', () => {
    const { codes, type, press } = wedge()
    type('NC1:BROKEN')
    press('N', 10_000)
    type('C1:WHOLE')
    press('Enter')
    expect(codes).toEqual(['NC1:WHOLE'])
  })

  it('judges no keys that are no text: arrows, modifiers, Escape', () => {
    const { codes, type, press } = wedge()
    type('NC1:')
    for (const key of ['Shift', 'ArrowLeft', 'Escape', 'F5']) press(key)
    type('ABCD')
    press('Enter')
    expect(codes).toEqual(['NC1:ABCD'])
  })

  it('leaves Enter and single keys to the page where nothing was scanned', () => {
    const { press } = wedge()
    expect(press('Enter')).toBe(false)
    expect(press(' ', 2_000)).toBe(false)
    expect(press('a', 2_000)).toBe(false)
  })

  it('keeps blanks and Enter of a code from pressing the button that has the focus', () => {
    const { type, press } = wedge()
    type('NC')
    expect(press(' ')).toBe(true)
    type('ABCDEFG')
    expect(press('Enter')).toBe(true)
  })

  it('keeps no more than a code can hold, however long somebody types', () => {
    const { codes, type, press } = wedge()
    type('A'.repeat(20_000))
    press('Enter')
    expect(codes[0]?.length).toBe(4_297)
  })

  it('says when an input method swallows its keys', () => {
    const { press, swallowed } = wedge()
    press('Process')
    expect(swallowed()).toBe(1)
  })
})
