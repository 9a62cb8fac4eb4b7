import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { FallsBack } from '~/ui/FallsBack'
import JsonTree from '~/ui/JsonTree'
import { findIn, pathText } from '~/ui/json-search'
import { show } from './render'

Element.prototype.scrollIntoView = vi.fn()

const tree = (value: unknown) =>
  show(() => (
    <JsonTree json={typeof value === 'string' ? value : JSON.stringify(value)} text={<pre>as text</pre>} />
  ))

describe('a tree', () => {
  it('keeps numbers as they are written, and marks what is redacted or cut', () => {
    tree(
      '{"id":12345678901234567890123,"rate":1.10,"key":"[redacted]","p":{"truncated":true,"characters":9,"head":"x"}}',
    )
    expect(screen.getByText('12345678901234567890123')).toBeTruthy()
    expect(screen.getByText('1.10')).toBeTruthy()
    expect(screen.getByText('redacted')).toBeTruthy()
    expect(screen.getByText('cut')).toBeTruthy()
  })

  it('opens and closes, and shows a long list a hundred at a time', async () => {
    tree({ list: Array.from({ length: 250 }, (_, n) => n) })
    const list = screen.getByRole('button', { name: /list/ })
    expect(list.getAttribute('aria-expanded')).toBe('false')
    await userEvent.click(list)
    expect(list.getAttribute('aria-expanded')).toBe('true')
    const item = list.closest('li') as HTMLElement
    expect(within(item).queryByText('99', { selector: '.text-in-review' })).toBeTruthy()
    expect(within(item).queryByText('100', { selector: '.text-in-review' })).toBeNull()
    await userEvent.click(within(item).getByRole('button', { name: 'Show 100 more of 150' }))
    expect(within(item).queryByText('199', { selector: '.text-in-review' })).toBeTruthy()
  })

  it('finds names and values, opens what hides them, and goes round', async () => {
    tree({ deep: { er: { still: { needle: 1 } } }, other: Array.from({ length: 150 }, () => 'Needle') })
    const box = screen.getByRole('searchbox')
    await userEvent.type(box, 'needle')
    expect(await screen.findByText('1 of 151')).toBeTruthy()
    expect(screen.getByText('"needle"')).toBeTruthy()
    await userEvent.type(box, '{Shift>}{Enter}{/Shift}')
    expect(screen.getByText('151 of 151')).toBeTruthy()
    await userEvent.clear(box)
    await userEvent.type(box, 'nowhere')
    expect(await screen.findByText('Not found')).toBeTruthy()
  })

  it('says how deep it is what is too deep to be opened', async () => {
    const { container } = tree(`${'['.repeat(400)}"needle"${']'.repeat(400)}`)
    await userEvent.type(screen.getByRole('searchbox'), 'needle')
    expect(await screen.findByText('1 of 1, 400 levels down: too deep to be opened')).toBeTruthy()
    expect(container.querySelectorAll('li').length).toBeLessThan(5)
  })

  it.each([
    ['{"a":', 'This is not JSON: here it is as text.'],
    ['['.repeat(200_000) + ']'.repeat(200_000), 'It nests too deeply for a tree: here it is as text.'],
  ])('gives the text and the reason where there is none (%#)', (json, reason) => {
    tree(json)
    expect(screen.getByText(reason)).toBeTruthy()
    expect(screen.getByText('as text')).toBeTruthy()
  })

  it('shows objects as objects, whatever their fields are called', async () => {
    tree(
      '{"q":[{"z":1},[1]],"a":{"isLosslessNumber":true,"toString":"x"},"b":{"written":"1","__proto__":{"c":2}}}',
    )
    expect(screen.getByText('"isLosslessNumber"')).toBeTruthy()
    expect(screen.getByText('"x"')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: /__proto__/ }))
    expect(screen.getByText('"c"')).toBeTruthy()
  })

  it('says which name an object has twice', () => {
    tree('{"a":1,"a":{"b":2.50}}')
    expect(screen.getByText('2.50')).toBeTruthy()
    expect(screen.getByText(/more than once/).textContent).toContain('the name "a" more than once')
  })

  it('copies the value and the path of a line, by key and one stop a line', async () => {
    const user = userEvent.setup()
    tree('{"list":[{"n":1.10},"two\\nlines"],"z":0}')
    const copied = () => navigator.clipboard.readText()
    expect(screen.queryByRole('button', { name: 'Copy value' })).toBeNull()
    screen.getByRole('button', { name: /"list"/ }).focus()
    await user.tab()
    await user.keyboard('{Enter}')
    expect(await copied()).toBe('[\n  {\n    "n": 1.10\n  },\n  "two\\nlines"\n]')
    expect(screen.getByText('Copied')).toBeTruthy()
    await user.tab()
    await user.keyboard('{Enter}')
    expect(await copied()).toBe('list')
    await user.tab()
    expect(screen.getAllByRole('button', { name: /^Cop/ })).toHaveLength(2)
    const line = screen.getByRole('group', { name: 'list[1]' })
    act(() => line.focus())
    await user.tab()
    await user.keyboard('{Enter}')
    expect(await copied()).toBe('two\nlines')
    await user.hover(screen.getByText('0', { selector: '.text-in-review' }))
    expect(screen.getAllByRole('button', { name: 'Copy path' })).toHaveLength(2)
  })
})

it('what can not be drawn is told, and its text is shown', () => {
  const Broken = () => {
    throw new Error('at once')
  }
  vi.spyOn(console, 'error').mockImplementation(() => {})
  // React in development tells the window too
  const quietly = (event: Event) => event.preventDefault()
  window.addEventListener('error', quietly)
  const { container } = show(() => (
    <FallsBack to="the text">
      <Broken />
    </FallsBack>
  ))
  expect(container.textContent).toBe('the text')
  window.removeEventListener('error', quietly)
  vi.restoreAllMocks()
})

it('a search goes as deep as there is, and stops at a thousand', () => {
  let deep: unknown = 'bottom'
  for (let n = 0; n < 50_000; n++) deep = [deep]
  expect(findIn(deep, 'bottom').places).toHaveLength(1)
  expect(findIn(Array(5000).fill('x'), 'X')).toMatchObject({ isCut: true })
  expect(pathText(['items', 3, 'a name', '$x'])).toBe('items[3]["a name"].$x')
})
