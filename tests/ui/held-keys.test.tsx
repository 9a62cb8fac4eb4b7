import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { catchUp } from '~/ui/keys/catch-up'
import type { Go } from '~/ui/keys/do-keys'
import { keyFollower } from '~/ui/keys/follow-keys.client'
import { held, hold } from '~/ui/keys/held'

const page = vi.hoisted(() => ({ isComing: false, calls: new Set<() => void>() }))
vi.mock('~/ui/sending', () => ({
  isPageComing: () => page.isComing,
  whenPageIsHere: (call: () => void) => page.calls.add(call),
}))

/** Keys that are pressed before there is what they are for. */
describe('holding keys', () => {
  const go = vi.fn<Go>(() => {
    page.isComing = true
  })
  let follow: (event: KeyboardEvent) => void
  const hear = (event: KeyboardEvent) => follow(event)

  /** @returns whether the browser does what it does with the key */
  function press(key: string, more: KeyboardEventInit = {}) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
    Object.defineProperty(event, 'timeStamp', { value: performance.now() })
    return (document.activeElement ?? document.body).dispatchEvent(event)
  }
  async function arrive() {
    page.isComing = false
    const calls = [...page.calls]
    page.calls.clear()
    for (const call of calls) call()
    await Promise.resolve()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    document.body.innerHTML = '<a data-does=next-review href="/next">Next</a><input>'
    follow = keyFollower({ isOn: true, isAdmin: false, go, open: vi.fn() })
    window.addEventListener('keydown', hear)
  })
  afterEach(() => {
    window.removeEventListener('keydown', hear)
    vi.useRealTimers()
    page.isComing = false
    page.calls.clear()
    Object.assign(held, { strokes: [], isOpening: false, isLed: false })
    go.mockClear()
  })

  it('does each where the one before has led to', async () => {
    for (const key of ['n', 'n', 'n']) expect(press(key)).toBe(false)
    expect(go).toHaveBeenCalledTimes(1)
    await arrive()
    expect(go).toHaveBeenCalledTimes(2)
    await arrive()
    expect(go).toHaveBeenCalledTimes(3)
  })

  it('presses with Enter what has the focus by then', async () => {
    const clicked = vi.fn((event: Event) => event.preventDefault())
    document.querySelector('a')?.addEventListener('click', clicked)
    press('n')
    expect(press('Enter')).toBe(false)
    expect(clicked).not.toHaveBeenCalled()
    document.querySelector('a')?.focus()
    await arrive()
    expect(clicked).toHaveBeenCalledOnce()
  })

  it('holds two keys that belong together by when they were pressed', async () => {
    press('n')
    press('g')
    vi.advanceTimersByTime(2000)
    press('j')
    await arrive()
    expect(go).toHaveBeenCalledTimes(1)
    press('n')
    press('g')
    press('j')
    await arrive()
    expect(go).toHaveBeenLastCalledWith('/jobs')
  })

  it('drops what is held down, and all of it after five seconds', async () => {
    press('n')
    expect(press('n', { repeat: true })).toBe(false)
    expect(held.strokes).toEqual([])
    press('n')
    vi.advanceTimersByTime(4000)
    press('n')
    vi.advanceTimersByTime(1000)
    expect(held.strokes).toEqual([])
    await arrive()
    expect(go).toHaveBeenCalledTimes(1)
  })

  it('leaves the browser its own, and a field its text unless a key led away', () => {
    page.isComing = true
    for (const mod of ['ctrlKey', 'metaKey', 'altKey']) expect(press('r', { [mod]: true })).toBe(true)
    for (const key of ['Tab', ' ', 'PageDown', 'Shift']) expect(press(key)).toBe(true)
    document.querySelector('input')?.focus()
    for (const key of ['n', 'Enter']) expect(press(key)).toBe(true)
    held.isLed = true
    for (const key of ['n', 'Enter', 'Tab', ' ']) expect(press(key)).toBe(false)
  })

  it('keeps what is typed before it is known what keys mean, and does it then', () => {
    window.removeEventListener('keydown', hear)
    const early = (event: KeyboardEvent) => {
      hold(event, true)
    }
    window.addEventListener('keydown', early)
    // the first ones may be the browser's
    for (const key of ['Enter', ' ', 'Tab']) expect(press(key)).toBe(true)
    for (const key of ['n', ' ', 'Enter']) expect(press(key)).toBe(false)
    window.removeEventListener('keydown', early)
    window.addEventListener('keydown', hear)
    expect(go).not.toHaveBeenCalled()
    catchUp()
    expect(go).toHaveBeenCalledExactlyOnceWith('/next', 'next-review')
    expect(held.strokes.map(({ key }) => key)).toEqual([' ', 'Enter'])
  })
})
