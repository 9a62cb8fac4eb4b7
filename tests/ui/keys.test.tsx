import { render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSettings } from '~/domain/accounts/settings'
import { type Go, perform } from '~/ui/keys/do-keys'
import { useHints } from '~/ui/keys/hints'
import { fits } from '~/ui/keys/palette-entries'
import { type Stroke, shortcutReader } from '~/ui/keys/read-keys'
import { shortcuts } from '~/ui/keys/shortcuts'
import { isTyping } from '~/ui/keys/typing'
import { SettingsContext } from '~/ui/settings'

const person = { isOn: true, isAdmin: true, isMac: false }
const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false },
  ...{ isComposing: false, timeStamp: 0, target: document.body, ...more },
})

describe('the table of keys', () => {
  it('has each key once, and none that another waits behind', () => {
    const all = shortcuts.map(({ keys }) => keys)
    expect(new Set(all).size).toBe(all.length)
    const first = all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0])
    expect(all.filter((keys) => first.includes(keys))).toEqual([])
  })
})

describe('reading', () => {
  const read = (one: Stroke, who = person) => shortcutReader()(one, who)?.does ?? null

  it.each(shortcuts.filter(({ keys }) => keys.length === 1))('$keys is $does', ({ keys, does }) => {
    expect(read(stroke(keys))).toBe(does)
    expect(read(stroke(keys), { ...person, isOn: false })).toBeNull()
  })

  it('goes by what the key says, wherever it is and with the capitals locked', () => {
    expect(read(stroke('?', { shiftKey: true }))).toBe('sheet')
    expect(read(stroke('/', { shiftKey: true }))).toBe('search')
    expect(read(stroke('J'))).toBe('down')
    expect(read(stroke('J', { shiftKey: true }))).toBeNull()
  })

  it('leaves the browser its own', () => {
    for (const mod of ['ctrlKey', 'metaKey', 'altKey'] as const)
      for (const key of ['j', 'r', 'c', '/', 'Escape']) expect(read(stroke(key, { [mod]: true }))).toBeNull()
  })

  it('takes Cmd-K on a Mac and Ctrl-K elsewhere, whatever is turned off', () => {
    expect(read(stroke('k', { ctrlKey: true }))).toBe('palette')
    expect(read(stroke('k', { metaKey: true }))).toBeNull()
    const mac = { isOn: false, isAdmin: false, isMac: true }
    expect(read(stroke('k', { metaKey: true }), mac)).toBe('palette')
    expect(read(stroke('k', { ctrlKey: true }), mac)).toBeNull()
  })

  it('does nothing while one types or composes; the palette and Esc stay', () => {
    document.body.innerHTML =
      '<input><input type=search><input type=password><textarea></textarea><select></select><p contenteditable></p>'
    for (const target of document.body.children) {
      // jsdom knows no editing
      if (target.matches('p')) Object.defineProperty(target, 'isContentEditable', { value: true })
      expect(isTyping(target), target.outerHTML).toBe(true)
      expect(read(stroke('j', { target }))).toBeNull()
      expect(read(stroke('?', { target }))).toBeNull()
      expect(read(stroke('k', { target, ctrlKey: true }))).toBe('palette')
      expect(read(stroke('Escape', { target }))).toBe('clear')
    }
    expect(read(stroke('j', { isComposing: true }))).toBeNull()
    document.body.innerHTML = '<input type=checkbox><button></button><a href="/"></a>'
    for (const target of document.body.children) expect(read(stroke('j', { target }))).toBe('down')
  })

  it('holds down only what moves', () => {
    expect(read(stroke('j', { repeat: true }))).toBe('down')
    expect(read(stroke('x', { repeat: true }))).toBeNull()
  })

  it('two keys belong together for a moment; the second is not read by itself', () => {
    const reader = shortcutReader()
    const press = (key: string, timeStamp: number, who = person) => reader(stroke(key, { timeStamp }), who)
    expect(press('g', 0)).toBeNull()
    expect(press('j', 500)).toMatchObject({ to: '/jobs' })
    expect(press('j', 600)?.does).toBe('down')
    expect(press('g', 1000)).toBeNull()
    expect(press('x', 1100)).toBeNull()
    expect(press('x', 1200)?.does).toBe('select')
    expect(press('g', 2000)).toBeNull()
    expect(press('j', 4000)?.does).toBe('down')
    expect(press('g', 5000)).toBeNull()
    expect(press('a', 5100, { ...person, isAdmin: false })).toBeNull()
  })
})

describe('doing', () => {
  const go = vi.fn<Go>()
  const focused = () => document.activeElement?.textContent?.trim()
  const line = (id: string, status = 'FAILED') =>
    `<tr><td><input type=checkbox name=id value=${id}></td><td><a data-job=${id} href="/jobs/${id}">${id}</a>
     <a href="/jobs?tag=x">tag</a></td><td><span data-status=${status}></span></td></tr>`
  const list = (...lines: string[]) => {
    document.body.innerHTML = `<table><tbody>${lines.join('')}</tbody></table>`
  }
  beforeEach(() => {
    Element.prototype.scrollIntoView = vi.fn()
    go.mockClear()
  })

  it('moves the focus from row to row, and stays at the ends', () => {
    list(line('a1'), line('a2'), line('a3'))
    const seen = (['down', 'down', 'down', 'down', 'up', 'up', 'up'] as const).map((does) => {
      expect(perform(does, go)).toBe(true)
      return focused()
    })
    expect(seen).toEqual(['a1', 'a2', 'a3', 'a3', 'a2', 'a1', 'a1'])
  })

  it('goes on from the same job when the list is drawn anew', () => {
    list(line('b1'), line('b2'), line('b3'))
    perform('down', go)
    perform('down', go)
    list(line('b0'), line('b1'), line('b2'), line('b3'))
    expect(document.activeElement).toBe(document.body)
    perform('down', go)
    expect(focused()).toBe('b3')
  })

  it('ticks the row, and no other', () => {
    list(line('c1'), line('c2'))
    expect(perform('select', go)).toBe(false)
    perform('down', go)
    perform('down', go)
    perform('select', go)
    const ticked = () =>
      [...document.querySelectorAll<HTMLInputElement>(':checked')].map(({ value }) => value)
    expect(ticked()).toEqual(['c2'])
    perform('select', go)
    expect(ticked()).toEqual([])
  })

  it('resubmits the row only where its status allows it', () => {
    list(line('d1', 'PENDING'), line('d2', 'CANCELED'))
    perform('down', go)
    expect(perform('resubmit', go)).toBe(false)
    perform('down', go)
    expect(perform('resubmit', go)).toBe(true)
    expect(go.mock.calls).toEqual([['/jobs/d2/resubmit', 'resubmit']])
  })

  it('goes to the page that asks, and presses no button that changes a job', () => {
    const sent = vi.fn((event: Event) => event.preventDefault())
    document.body.innerHTML = `<form method=post action="/jobs/e1/resubmit"><button data-does=resubmit>Resubmit</button></form>`
    document.querySelector('form')?.addEventListener('submit', sent)
    expect(perform('resubmit', go)).toBe(true)
    expect(go.mock.calls).toEqual([['/jobs/e1/resubmit', 'resubmit']])
    expect(sent).not.toHaveBeenCalled()
  })

  it('puts the focus on what decides, unfolded', () => {
    document.body.innerHTML = `<form id=accept><input type=hidden name=version><button type=submit>Accept</button></form>
      <details><form id="send-back"><textarea></textarea><button type=submit>Send</button></form></details>`
    expect(perform('accept', go)).toBe(true)
    expect(focused()).toBe('Accept')
    expect(perform('send-back', go)).toBe(true)
    expect(document.querySelector('details')?.open).toBe(true)
    expect(document.activeElement?.tagName).toBe('TEXTAREA')
    expect(perform('next-review', go)).toBe(false)
  })

  it('Esc leaves an empty search, and clears what is selected', () => {
    const cleared = vi.fn()
    document.body.innerHTML = '<input type=search value=x><button type=button data-does=clear>Clear</button>'
    document.querySelector('button')?.addEventListener('click', cleared)
    const box = document.querySelector('input') as HTMLInputElement
    box.focus()
    perform('clear', go)
    expect(document.activeElement).toBe(box)
    box.value = ''
    perform('clear', go)
    expect(document.activeElement).toBe(document.body)
    expect(cleared).not.toHaveBeenCalled()
    perform('clear', go)
    expect(cleared).toHaveBeenCalledOnce()
  })
})

describe('tooltips', () => {
  beforeEach(() => document.body.replaceChildren())
  afterEach(() => vi.unstubAllGlobals())

  function Button({ does }: { does: string }) {
    return <button type="button" {...useHints()(does)} />
  }
  const hintOf = (does: string, isOn: boolean, hasKeys: boolean) => {
    vi.stubGlobal('matchMedia', () => ({ matches: hasKeys }))
    const { unmount } = render(
      <SettingsContext.Provider value={{ ...defaultSettings, shortcuts: isOn }}>
        <Button does={does} />
      </SettingsContext.Provider>,
    )
    const { title, dataset } = screen.getByRole('button')
    expect(dataset.does).toBe(does)
    const keys = screen.getByRole('button').getAttribute('aria-keyshortcuts')
    unmount()
    return [title, keys]
  }

  it('say the key, where there are keys and the person wants them', () => {
    expect(hintOf('create', true, true)).toEqual(['Hand in a new job (c)', 'c'])
    expect(hintOf('palette', true, true)).toEqual(['Find jobs, agents and actions (Ctrl K)', 'Control+K'])
    expect(hintOf('create', true, false)).toEqual(['', null])
    expect(hintOf('create', false, true)).toEqual(['', null])
    expect(hintOf('palette', false, true)).toEqual(['Find jobs, agents and actions (Ctrl K)', 'Control+K'])
    expect(hintOf('archive', true, true)).toEqual(['', null])
  })
})

describe('the palette', () => {
  it('finds by the beginnings of words', () => {
    expect(fits('New job from a template', 'temp new')).toBe(true)
    expect(fits('New job from a template', 'late')).toBe(false)
    expect(fits('Anything', '')).toBe(true)
  })
})
